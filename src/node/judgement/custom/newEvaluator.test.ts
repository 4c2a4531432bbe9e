import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrace } from '../../../../test/support/fakeTrace.ts';
import { makeRun } from '../../../../test/support/makeRun.ts';
import { customJudge } from './customJudge.ts';
import type { EvaluatorLanguage } from './findCustomEvaluators.ts';
import { newEvaluator } from './newEvaluator.ts';

const root = resolve(import.meta.dirname, '../../../..');
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindstep-new-'));
});
afterEach(() => rm(folder, { recursive: true }));

const make = (language: EvaluatorLanguage, more = {}) =>
  newEvaluator({ folder, name: 'refund-limit', language, ...more });

describe('a new evaluator', () => {
  it.each([
    ['ts', 'refund-limit.evaluator.ts', 'hindstep-evaluator.d.ts'],
    ['js', 'refund-limit.evaluator.mjs', 'hindstep-evaluator.d.ts'],
    ['py', 'refund-limit.evaluator.py', 'hindstep_evaluator.py'],
  ] as const)('in %s judges as it stands', async (language, fileName, types) => {
    expect(await make(language)).toMatchObject({ ok: true, value: { path: join(folder, fileName) } });
    expect((await readdir(folder)).sort()).toEqual([types, fileName].sort());
    const refund = (amount: number) =>
      makeRun([{ user: 'x' }, { calls: [{ tool: 'refund_order', with: { amount } }] }]);
    const verdicts = await Promise.all(
      [refund(900), refund(5), makeRun([{ user: 'x' }])].map((made) =>
        customJudge({ folder })(fakeTrace(made), made.run, []),
      ),
    );
    expect(verdicts.flat()).toMatchObject([
      {
        evaluator: 'refund-limit',
        title: 'Refund limit',
        status: 'fail',
        reason: '1 of 1 refunds are over 500.',
        findings: [{ step: 1, pointer: '/actions/0/arguments/amount', severity: 'error' }],
      },
      { status: 'pass' },
      { status: 'na' },
    ]);
  });

  it('is never written over another, nor are types that somebody has changed', async () => {
    await make('ts');
    await writeFile(join(folder, 'refund-limit.evaluator.ts'), 'mine');
    await writeFile(join(folder, 'hindstep-evaluator.d.ts'), 'changed');
    expect(await make('ts')).toMatchObject({ ok: false, error: expect.stringContaining('is there already') });
    const kept = join(folder, 'hindstep-evaluator.d.ts');
    expect(await make('ts', { name: 'second' })).toMatchObject({ ok: true, value: { kept } });
    expect(await readFile(kept, 'utf8')).toBe('changed');
    expect(await readFile(join(folder, 'refund-limit.evaluator.ts'), 'utf8')).toBe('mine');
    await make('ts', { name: 'third', replaceTypes: true });
    expect(await readFile(kept, 'utf8')).toContain('export interface Step');
    expect(await make('js', { name: 'fourth' })).toEqual({
      ok: true,
      value: { path: join(folder, 'fourth.evaluator.mjs'), written: [join(folder, 'fourth.evaluator.mjs')] },
    });
  });

  it.each(['', '..', '../x', 'a/b', 'A', 'x.y', '-x', "x'; import 'y'", 'x'.repeat(61)])(
    'has a name that is one: not %j',
    async (name) => {
      expect(await make('ts', { name })).toMatchObject({ ok: false, error: expect.stringContaining('is no name') });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('says why it can not be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const made = await make('ts', { folder: join(folder, 'file', 'evaluators') });
    expect(made).toMatchObject({ ok: false, error: expect.stringContaining("can't be written") });
  });
});

/** Both ways, member by member: what authors see is what the core has. */
const SAME = `
import type * as core from '${root}/src/core/trace/model.ts';
import type { Finding, StepPlace, Verdict } from '${root}/src/core/evaluators/verdict.ts';
import type * as authors from './hindstep-evaluator.d.ts';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? ([keyof A] extends [keyof B] ? ([keyof B] extends [keyof A] ? true : 'member missing in core') : 'member missing for authors') : 'core is narrower') : 'core is wider';
const same = <A, B>(_: Same<A, B>): void => {};
same<core.Step, authors.Step>(true);
same<core.Action, authors.Action>(true);
same<core.Observation, authors.Observation>(true);
same<core.Target, authors.Target>(true);
same<core.Approval, authors.Approval>(true);
same<core.ToolDeclaration, authors.ToolDeclaration>(true);
same<core.Outcome, authors.Outcome>(true);
same<core.Feedback, authors.Feedback>(true);
same<core.ExpectedAction, authors.ExpectedAction>(true);
same<core.Usage, authors.Usage>(true);
same<core.ByteRange, authors.ByteRange>(true);
same<core.ContentPart['type'], authors.ContentPart['type']>(true);
same<core.ContentPart, authors.ContentPart>(true);
same<StepPlace, authors.StepPlace>(true);
same<Omit<core.Run, 'steps'>, Omit<authors.Run, 'steps' | 'stepCount'>>(true);
same<Required<Omit<Finding, 'expected' | 'actual'>>, Required<Omit<authors.Finding, 'expected' | 'actual'>>>(true);
same<Omit<Verdict, 'title' | 'summary' | 'judge' | 'findings'>, Omit<authors.BuiltInVerdict, 'findings'>>(true);
export const given: (verdict: Verdict) => authors.BuiltInVerdict = (verdict) => verdict;
`;

describe('the types for authors', { timeout: 60_000 }, () => {
  const compile = (files: readonly string[]) =>
    spawnSync(
      join(root, 'node_modules/.bin/tsc'),
      [
        ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--allowImportingTsExtensions', '--skipLibCheck'],
        ...['--allowJs', '--checkJs', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'],
        ...['--types', '', ...files],
      ],
      { cwd: folder, encoding: 'utf8' },
    ).stdout;

  it('are those of the core', async () => {
    await make('ts');
    await writeFile(join(folder, 'same.ts'), SAME);
    expect(compile(['same.ts'])).toBe('');
    // The compiler does look at it.
    await writeFile(
      join(folder, 'same.ts'),
      SAME.replace('same<core.Usage, authors.Usage>', 'same<core.Usage, authors.Outcome>'),
    );
    expect(compile(['same.ts'])).toContain('same.ts');
  });

  it('hold for the examples in TypeScript and JavaScript', async () => {
    await make('ts');
    await make('js');
    expect(compile(['refund-limit.evaluator.ts', 'refund-limit.evaluator.mjs'])).toBe('');
  });

  it('have the same members in Python', async () => {
    await make('ts');
    await make('py');
    const typeScript = await readFile(join(folder, 'hindstep-evaluator.d.ts'), 'utf8');
    const interfaces = new Map(
      [...typeScript.matchAll(/export interface (\w+)[^{]*\{\n(.*?)\n\}/gs)].map(([, name = '', body = '']) => [
        name,
        [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member).sort(),
      ]),
    );
    const list = `import json, hindstep_evaluator as h
print(json.dumps({n: sorted(t.__annotations__) for n, t in vars(h).items() if hasattr(t, "__total__")}))`;
    const { stdout, stderr } = spawnSync('python3', ['-B', '-c', list], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    const classes = JSON.parse(stdout) as Record<string, string[]>;
    expect(Object.keys(classes).length).toBeGreaterThan(15);
    const shared = Object.entries(classes).filter(([name]) => interfaces.has(name) && name !== 'Verdict');
    expect(Object.fromEntries(shared)).toEqual(
      Object.fromEntries(shared.map(([name]) => [name, interfaces.get(name)])),
    );
    for (const name of ['Step', 'Action', 'Run', 'Finding', 'Observation', 'Approval'])
      expect(classes).toHaveProperty(name);
  });
});
