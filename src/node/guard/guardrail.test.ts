import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../test/support/runCli.ts';
import { readPolicy } from '../../core/evaluators/policy/readPolicy.ts';
import cases from '../../core/guard/guardrail/cases.json' with { type: 'json' };
import { guardedCalls, guardrailFiles } from '../../core/guard/guardrail/guardrailFiles.ts';
import { EMPTY_POLICY, type GuardRule, kindFor, withRule } from '../../core/guard/guardrail/rule.ts';
import { GuardSession } from '../../core/guard/guardSession.ts';
import type { RunnerId } from '../../core/regression/fixture.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hindstep-guardrail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string) => join(folder, name);

describe('the check', () => {
  const rules = cases as { rule: GuardRule; tool: string; worked: number }[];
  const checkOf = (rule: GuardRule, runner: RunnerId) =>
    guardrailFiles({ rule, source: 'a.json, step 1', runner, modules: 'esm', slug: 'x' }, []).check.text;

  /** What the guard decides by the policy that was written of the rule. */
  const byPolicy = rules.map(({ rule, tool, worked }) => {
    const text = withRule(EMPTY_POLICY, rule);
    if (!text.ok) throw new Error(text.error);
    const { policy, problems } = readPolicy(text.value);
    expect(problems).toEqual([]);
    const session = new GuardSession(policy);
    for (let i = 0; i < worked; i++) session.settle(tool, {}, { content: [] });
    const decision = session.decide(tool, {});
    return [decision.kind, decision.kind === 'allow' ? '' : decision.reason];
  });
  const programs: [string, RunnerId, string, (files: string[]) => string, string][] = [
    [
      'JavaScript',
      'node-test',
      'mjs',
      (files) =>
        `const all = [];\n${rules
          .map(({ tool, worked }, i) => {
            const url = JSON.stringify(pathToFileURL(files[i] ?? '').href);
            return `all.push(await import(${url}).then(({ guarded, Refused }) => decided(guarded, Refused, ${JSON.stringify(tool)}, ${worked})));`;
          })
          .join('\n')}
async function decided(guarded, Refused, tool, worked) {
  let asked = '';
  let approve = true;
  const call = guarded(async () => 'done', async ({ reason }) => { if (!approve) asked = reason; return approve; });
  try { for (let i = 0; i < worked; i++) await call(tool, {}); approve = false; await call(tool, {}); }
  catch (error) { if (!(error instanceof Refused)) throw error; return [asked === '' ? 'refuse' : 'ask', error.message]; }
  return ['allow', ''];
}
console.log(JSON.stringify(all));`,
      process.execPath,
    ],
    [
      'Python',
      'pytest',
      'py',
      () =>
        `import asyncio, importlib, json, sys
sys.path.insert(0, ${JSON.stringify(folder)})
def decided(name, tool, worked, is_async):
    module = importlib.import_module(name)
    asked, approve = [], [True]
    def ask(tool, arguments, reason):
        if not approve[0]: asked.append(reason)
        return approve[0]
    async def ask_later(**more): return ask(**more)
    async def later(tool, arguments): return "done"
    if is_async: guarded = module.guarded(later, ask_later); call = lambda: asyncio.run(guarded(tool, {}))
    else: guarded = module.guarded(lambda tool, arguments: "done", ask); call = lambda: guarded(tool, {})
    try:
        for _ in range(worked): call()
        approve[0] = False
        call()
    except module.Refused as error:
        return ["ask" if asked else "refuse", str(error)]
    return ["allow", ""]
cases = json.loads(${JSON.stringify(JSON.stringify(rules))})
both = [[decided(f"check_{i}", c["tool"], c["worked"], a) for i, c in enumerate(cases)] for a in (False, True)]
assert both[0] == both[1], both
print(json.dumps(both[0]))`,
      'python3',
    ],
  ];

  it.each(programs)(
    'decides in %s as the guard does by the same policy',
    (_name, runner, extension, program, interpreter) => {
      const files = rules.map((_, i) => place(`check_${i}.${extension}`));
      for (const [i, { rule }] of rules.entries()) writeFileSync(files[i] ?? '', checkOf(rule, runner));
      writeFileSync(place(`all.${extension}`), program(files));
      const { stdout, stderr } = spawnSync(interpreter, [place(`all.${extension}`)], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(byPolicy);
      expect(new Set(byPolicy.map(([kind]) => kind))).toEqual(new Set(['ask', 'refuse', 'allow']));
    },
  );
});

describe('the rule', () => {
  const approval = { kind: 'approval', tool: 'shop.pay' } as const;
  it('is added to a policy, whose comments stay', () => {
    const before =
      '{\n  // Ours.\n  "tools": {\n    "pay": { "effect": "write" }, // money\n  },\n  "deny": ["drop"], /* never */\n}\n';
    const after = withRule(before, approval);
    expect(after).toMatchObject({ ok: true });
    const text = after.ok ? after.value : '';
    expect(readPolicy(text)).toMatchObject({
      problems: [],
      policy: { tools: { pay: { effect: 'write', requiresApproval: true } } },
    });
    for (const comment of ['// Ours.', '// money', '/* never */']) expect(text).toContain(comment);
    expect(withRule(text, approval)).toEqual(after);
    const denied = withRule(text, { kind: 'deny', tool: 'wipe' });
    expect(denied.ok && readPolicy(denied.value)).toMatchObject({ problems: [], policy: { deny: ['drop', 'wipe'] } });
  });

  it('does not overrule what the policy says, and needs one that is understood', () => {
    expect(withRule('{"tools": {"pay": {"requiresApproval": false}}}', approval)).toMatchObject({
      ok: false,
      error: expect.stringContaining('by hand'),
    });
    expect(withRule('{"tools": {"pay": {"mostCalls": 5}}}', { kind: 'once', tool: 'pay', most: 1 })).toMatchObject({
      ok: false,
    });
    expect(withRule('{"tols": {}}', approval)).toMatchObject({ ok: false, error: expect.stringContaining('at 1:2') });
  });
});

it('limits what was done twice: the calls that worked before are made', () => {
  expect([kindFor('safety.duplicate-effect'), kindFor('safety.policy'), kindFor(undefined)]).toEqual([
    'once',
    'approval',
    'approval',
  ]);
  const call = (tool: string, isError = false) => ({ tool, arguments: {}, isError });
  const recorded = [call('pay', true), call('look'), call('shop.pay'), call('pay'), call('look')];
  const calls = guardedCalls({ kind: 'once', tool: 'pay', most: 1 }, recorded);
  expect(calls.map(({ failed, refused }) => (refused ? 'refused' : failed ? 'failed' : 'made'))).toEqual([
    'failed',
    'made',
    'made',
    'refused',
    'made',
  ]);
});

describe('hindstep guardrail', () => {
  beforeEach(() => {
    mkdirSync(place('traces'));
    for (const name of ['cancel-duplicate-order', 'purchase-workstations', 'book-flight-timeout']) {
      cpSync(join(root, `samples/traces/${name}.trace.json`), place(`traces/${name}.trace.json`));
    }
    symlinkSync(join(root, 'node_modules'), place('node_modules'));
    writeFileSync(place('package.json'), '{"type": "module"}');
  });
  const trace = () => place('traces/cancel-duplicate-order.trace.json');
  const make = (...more: string[]) => runCli('guardrail', trace(), '--step', '4', '--workspace', folder, ...more);
  const tests = () => (existsSync(place('tests')) ? readdirSync(place('tests')).sort() : []);

  it.each(['node-test', 'vitest', 'jest', 'pytest'])(
    'writes a rule, a check and a test that %s proves',
    async (runner) => {
      const { code, lines, errors } = await make('--runner', runner, '--write');
      expect([code, errors]).toEqual([0, []]);
      expect(lines).toContain('From now on each call of cancel_order is put to a person.');
      expect(lines).toContainEqual(
        expect.stringMatching(/^Red without the rule \(call 3 \(cancel_order\) was made\), green with it/),
      );
      expect(tests()).toHaveLength(3);
      expect(readPolicy(readFileSync(place('hindstep.policy.json'), 'utf8')).policy).toEqual({
        tools: { cancel_order: { requiresApproval: true } },
      });
      const again = await make('--runner', runner, '--write');
      expect([again.code, again.errors[0]]).toEqual([2, expect.stringContaining('exists; nothing was written.')]);
    },
    60_000,
  );

  it('works for a workspace of CommonJS', async () => {
    writeFileSync(place('package.json'), '{}');
    const { code, errors } = await make('--runner', 'jest', '--write');
    expect([code, errors]).toEqual([0, []]);
    expect(tests()).toEqual(['guard-cancel-order.calls.json', 'guard-cancel-order.cjs', 'guard-cancel-order.test.js']);
  }, 60_000);

  it('shows what it would write, and writes nothing, without --write', async () => {
    const before = '{ "deny": ["x"] /* ours */ }';
    writeFileSync(place('hindstep.policy.json'), before);
    const { code, lines } = await make('--runner', 'node-test', '--policy', place('hindstep.policy.json'));
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}\d+: .*"requiresApproval": true/));
    expect(lines.at(-1)).toBe('Nothing was written; --write writes it.');
    expect([tests(), readFileSync(place('hindstep.policy.json'), 'utf8')]).toEqual([[], before]);
  });

  it('asks where an earlier call only seemed to fail, which no limit holds back', async () => {
    const path = place('traces/book-flight-timeout.trace.json');
    const { code, lines } = await runCli(
      'guardrail',
      path,
      '--step',
      '4',
      '--workspace',
      folder,
      '--language',
      'js',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      rule: { kind: 'approval', tool: 'charge_card' },
      written: false,
    });
  });

  it('says what stands in the way', async () => {
    const errorOf = async (...more: string[]) => (await make(...more)).errors[0];
    expect(await errorOf('--rule', 'never')).toContain('--rule is one of approval, deny, once');
    expect(await errorOf('--rule', 'once')).toContain('had not succeeded before this step');
    expect((await runCli('guardrail', trace(), '--step', '0', '--workspace', folder)).errors[0]).toContain(
      'calls no tool',
    );
    expect((await runCli('guardrail', trace(), '--step', '99')).errors[0]).toContain('counted from 0');
    writeFileSync(place('hindstep.policy.json'), '{"tools": {"cancel_order": {"requiresApproval": false}}}');
    expect(await errorOf('--policy', place('hindstep.policy.json'))).toContain('Change that by hand first.');
    expect(tests()).toEqual([]);
  });
});
