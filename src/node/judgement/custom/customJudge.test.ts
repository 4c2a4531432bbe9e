import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTrace } from '../../../../test/support/fakeTrace.ts';
import { makeRun } from '../../../../test/support/makeRun.ts';
import type { Verdict } from '../../../core/evaluators/verdict.ts';
import { judgeRun } from '../judgeRun.ts';
import { customJudge } from './customJudge.ts';
import type { Limits } from './runEvaluator.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindstep-evaluators-'));
});
afterEach(() => rm(folder, { recursive: true }));

const made = makeRun([
  { user: 'Refund the order' },
  { calls: [{ tool: 'get_order', with: { id: 'A-1' }, returns: 'open' }] },
  { calls: [{ tool: 'refund_order', with: { amount: 900 }, returns: 'refunded' }] },
  { final: 'Refunded.' },
]);

const LIMITS: Limits = { time: 30, memory: 512 };
const write = (name: string, text: string) => writeFile(join(folder, name), text);

/** The verdicts that are not built in. */
async function judge(
  { at = folder, ...limits }: Partial<Limits> & { at?: string } = {},
  signal?: AbortSignal,
): Promise<Verdict[]> {
  const extras = [customJudge({ folder: at }, undefined, { ...LIMITS, ...limits })];
  const { verdicts } = await judgeRun(fakeTrace(made), made.run, { extras, ...(signal && { signal }) });
  const builtIn = await judgeRun(fakeTrace(made), made.run);
  return verdicts.slice(builtIn.verdicts.length);
}

const js = (body: string, head = `export const id = 'mine'; export const title = 'Mine';`) =>
  `${head}\nexport function evaluate(run, context) {${body}}\n`;
const PASS = `return { status: 'pass', reason: 'Fine.' };`;

describe('a custom evaluator', () => {
  const REFUND = [
    { evaluator: 'refund-limit', title: 'Refund limit', status: 'fail', score: 0, reason: '900 is over 500.' },
  ];
  const FINDING = { step: 2, pointer: '/actions/0/arguments/amount', message: 'Refunds 900.', severity: 'error' };

  it('judges in JavaScript', async () => {
    await write(
      'refund.evaluator.mjs',
      `export const id = 'refund-limit';
export const title = 'Refund limit';
export async function evaluate(run) {
  for (const step of run.steps) {
    for (const [i, action] of step.actions.entries()) {
      if (action.tool !== 'refund_order' || action.arguments.amount <= 500) continue;
      const message = \`Refunds \${action.arguments.amount}.\`;
      const finding = { step: step.index, pointer: \`/actions/\${i}/arguments/amount\`, message };
      return { status: 'fail', score: 0, reason: '900 is over 500.', findings: [finding] };
    }
  }
  return { status: 'na', reason: 'Nothing was refunded.' };
}`,
    );
    const verdicts = await judge();
    expect(verdicts).toMatchObject(REFUND);
    expect(verdicts[0]?.findings).toMatchObject([{ ...FINDING, confidence: 'likely', evidence: [] }]);
  });

  it('judges in CommonJS', async () => {
    await write('old.evaluator.js', `module.exports = { id: 'old', title: 'Old', evaluate: () => { ${PASS} } };`);
    expect(await judge()).toMatchObject([{ evaluator: 'old', status: 'pass', score: null, findings: [] }]);
  });

  it('judges in TypeScript, made of several files, with lines as they stand', async () => {
    await write(
      'shared.ts',
      `export enum Limit { Refund = 500 }\nexport const over = (n: number): boolean => n > Limit.Refund;\n`,
    );
    await write(
      'refund.evaluator.ts',
      `import type { Evaluate, Step } from './hindstep-evaluator.d.ts';
import { over } from './shared';
import { over as again } from './shared.js';
export const id = 'refund-limit';
export const title = 'Refund limit';
interface Refund { readonly step: number }
export const evaluate: Evaluate = (run) => {
  const steps: Step[] = [...run.steps];
  if (!over(900) || !again(900)) throw new Error('not over');
  const refunds = steps.flatMap((s): Refund[] => s.tools.includes('refund_order') ? [{ step: s.index }] : []);
  const findings = refunds.map(({ step }) => ({ step, message: 'Refunds 900.' }));
  return { status: 'fail', score: 0, reason: '900 is over 500.', findings };
};`,
    );
    await write('zz.evaluator.ts', `interface A {\n  x: 1;\n}\nthrow new TypeError('on line 4' satisfies string);`);
    const [good, bad] = await judge();
    expect(good).toMatchObject({ ...REFUND[0], findings: [{ step: 2 }] });
    expect(bad?.reason).toBe('zz.evaluator.ts threw: TypeError: on line 4 (zz.evaluator.ts:4).');
  });

  it('judges in Python, also asynchronously', async () => {
    await write('limits.py', 'LIMIT = 500\n');
    await write(
      'refund.evaluator.py',
      `import asyncio
from limits import LIMIT
id = "refund-limit"
title = "Refund limit"
async def evaluate(run, context):
    await asyncio.sleep(0)
    findings = [
        {"step": step["index"], "pointer": f"/actions/{i}/arguments/amount", "message": "Refunds 900."}
        for step in run["steps"]
        for i, action in enumerate(step["actions"])
        if action["tool"] == "refund_order" and action["arguments"]["amount"] > LIMIT
    ]
    return {"status": "fail", "score": 0, "reason": "900 is over 500.", "findings": findings}
`,
    );
    expect(await judge()).toMatchObject([{ ...REFUND[0], findings: [FINDING] }]);
  });

  it('is told the run, the effects of actions, and what was judged before', async () => {
    await write(
      'told.evaluator.mjs',
      js(`const effects = [...run.steps].flatMap((s) => s.actions.map((a) => a.effect));
        return { status: 'pass', reason: JSON.stringify([run.goal, run.stepCount, effects, context.verdicts.length > 10]) };`),
    );
    expect((await judge())[0]?.reason).toBe('["Refund the order",4,["read","irreversible"],true]');
  });

  it('may give several verdicts, each under a name', async () => {
    await write(
      'orders.evaluator.mjs',
      js(`return [{ name: 'amount', status: 'pass', reason: 'a' }, { name: 'owner', status: 'na', reason: 'b' }];`),
    );
    expect((await judge()).map(({ evaluator, status }) => [evaluator, status])).toEqual([
      ['mine.amount', 'pass'],
      ['mine.owner', 'na'],
    ]);
  });

  it('sees a run of any length, in the memory of a step', async () => {
    await write(
      'count.evaluator.mjs',
      js(`let n = 0; for (const s of run.steps) n += s.preview.length; return { status: 'pass', reason: String(n) };`),
    );
    await write(
      'count.evaluator.py',
      `id = "count"\ntitle = "c"\ndef evaluate(run, context):\n    return {"status": "pass", "reason": str(sum(1 for s in run["steps"]))}\n`,
    );
    const one = made.steps[0];
    if (one === undefined) throw new Error('no step');
    const run = { ...made.run, steps: Array.from({ length: 3000 }, () => one) };
    const many = {
      async *steps() {
        for (let i = 0; i < 3000; i++) yield { ...one, index: i, preview: 'x'.repeat(100_000) };
      },
    };
    const said = await customJudge({ folder }, undefined, { ...LIMITS, memory: 64 })(many, run, []);
    expect(said.map(({ reason }) => reason)).toEqual(['300000000', '3000']);
  });
});

describe('a custom evaluator that misbehaves is an error verdict', () => {
  const cases: readonly (readonly [what: string, name: string, text: string, sentence: RegExp])[] = [
    [
      'throws',
      'a.evaluator.mjs',
      js(`throw new RangeError('too far');`),
      /^a\.evaluator\.mjs threw: RangeError: too far \(a\.evaluator\.mjs:2\)\.$/,
    ],
    ['throws no error', 'a.evaluator.mjs', js('throw null;'), /threw: null\.$/],
    ['rejects', 'a.evaluator.mjs', js(`return Promise.reject(new Error('no'));`), /threw: no/],
    [
      'throws later',
      'a.evaluator.mjs',
      js(`setTimeout(() => { throw new Error('later'); }); return new Promise((r) => setTimeout(r, 9999));`),
      /ended with exit code 1 before it gave a verdict/,
    ],
    ['is broken JavaScript', 'a.evaluator.mjs', 'export const = 3', /threw: SyntaxError/],
    ['is broken TypeScript', 'a.evaluator.ts', 'export const = 3', /can't be read as TypeScript/],
    ['is broken Python', 'a.evaluator.py', 'def evaluate(:\n', /threw: SyntaxError/],
    [
      'throws in Python',
      'a.evaluator.py',
      'id = "a"\ntitle = "A"\ndef evaluate(run, context):\n    return 1 / 0\n',
      /threw: ZeroDivisionError: division by zero \(a\.evaluator\.py:4\)\.$/,
    ],
    ['imports what is not there', 'a.evaluator.mjs', `import './gone.mjs';\n${js(PASS)}`, /threw: .*gone\.mjs/],
    ['exports nothing', 'a.evaluator.mjs', '', /exports no function named evaluate/],
    ['has no id', 'a.evaluator.mjs', js(PASS, ''), /exports no id/],
    [
      'has a strange id',
      'a.evaluator.mjs',
      js(PASS, `export const id = '<b>x</b>'; export const title = 'x';`),
      /exports no id/,
    ],
    ['has no title', 'a.evaluator.mjs', js(PASS, `export const id = 'x';`), /exports no title/],
    ['gives nothing', 'a.evaluator.mjs', js(''), /gave no verdict/],
    ['gives a text', 'a.evaluator.mjs', js(`return 'pass';`), /no object/],
    [
      'gives an unknown status',
      'a.evaluator.mjs',
      js(`return { status: 'great', reason: 'r' };`),
      /gave the status "great"/,
    ],
    [
      'claims an error of the engine',
      'a.evaluator.mjs',
      js(`return { status: 'error', reason: 'r' };`),
      /gave the status "error"/,
    ],
    ['gives no reason', 'a.evaluator.mjs', js(`return { status: 'pass' };`), /gave no reason/],
    [
      'gives a score of 7',
      'a.evaluator.mjs',
      js(`return { status: 'pass', reason: 'r', score: 7 };`),
      /gave the score 7/,
    ],
    [
      'points past the end',
      'a.evaluator.mjs',
      js(`return { status: 'fail', reason: 'r', findings: [{ step: 4, message: 'm' }] };`),
      /points at the step 4; the run has the steps 0 to 3/,
    ],
    [
      'points between steps',
      'a.evaluator.mjs',
      js(`return { status: 'fail', reason: 'r', findings: [{ step: 1.5, message: 'm' }] };`),
      /points at the step 1\.5/,
    ],
    [
      'has evidence past the end',
      'a.evaluator.mjs',
      js(`return { status: 'fail', reason: 'r', findings: [{ step: 1, message: 'm', evidence: [{ step: -1 }] }] };`),
      /points at the step -1/,
    ],
    [
      'gives findings that are none',
      'a.evaluator.mjs',
      js(`return { status: 'fail', reason: 'r', findings: { length: 3 } };`),
      /no list/,
    ],
    [
      'gives a cycle',
      'a.evaluator.mjs',
      js(`const v = { status: 'pass', reason: 'r' }; v.v = v; return v;`),
      /threw: TypeError/,
    ],
    [
      'gives too much',
      'a.evaluator.mjs',
      js(`return { status: 'pass', reason: 'r'.repeat(5_000_000) };`),
      /more than 4 MB/,
    ],
    [
      'gives two verdicts without names',
      'a.evaluator.mjs',
      js(`return [{ status: 'pass', reason: 'r' }];`),
      /needs a name of its own/,
    ],
    [
      'gives two verdicts of one name',
      'a.evaluator.mjs',
      js(`const v = { name: 'x', status: 'pass', reason: 'r' }; return [v, v];`),
      /"mine\.x", which another evaluator is/,
    ],
    ['exits early', 'a.evaluator.mjs', js('process.exit(0);'), /ended with exit code 0 before it gave a verdict/],
    [
      'exits early in Python',
      'a.evaluator.py',
      'import os\nprint("bye", flush=True)\nos._exit(3)\n',
      /ended with exit code 3 before it gave a verdict\. The last that it printed: bye$/,
    ],
    ['leaves by SystemExit', 'a.evaluator.py', 'raise SystemExit(0)\n', /threw: SystemExit: 0/],
    ['never settles', 'a.evaluator.mjs', js('return new Promise(() => {});'), /ended with exit code 13 before/],
    ['kills itself', 'a.evaluator.mjs', js(`process.kill(process.pid, 'SIGKILL');`), /was ended by SIGKILL before/],
    [
      'writes nonsense where the answer goes',
      'a.evaluator.mjs',
      `import { writeSync } from 'node:fs';\n${js(`writeSync(3, 'nonsense\\n');`)}`,
      /no JSON/,
    ],
    [
      'goes over the steps twice',
      'a.evaluator.mjs',
      js('[...run.steps]; [...run.steps];'),
      /the steps stream past once/,
    ],
  ];
  it.each(cases)('that %s', async (_what, name, text, sentence) => {
    await write(name, text);
    await write('b.evaluator.mjs', js(PASS, `export const id = 'other'; export const title = 'Other';`));
    const [bad, good] = await judge();
    expect(bad).toMatchObject({ status: 'error', score: null, findings: [], reason: expect.stringMatching(sentence) });
    expect(good).toMatchObject({ evaluator: 'other', status: 'pass' });
  });

  it.each([
    ['a.evaluator.mjs', js('for (;;);')],
    ['a.evaluator.mjs', js('setInterval(() => {}, 1000); return new Promise(() => {});')],
    ['a.evaluator.py', 'while True: pass\n'],
  ])('that hangs: %s', async (name, text) => {
    await write(name, text);
    expect((await judge({ time: 1 }))[0]).toMatchObject({
      status: 'error',
      reason: `${name} did not answer within 1 s.`,
    });
  });

  it('that stops reading the steps of a long run', async () => {
    await write('a.evaluator.mjs', js('for (const step of run.steps) for (;;);'));
    const long = {
      async *steps() {
        for (let i = 0; i < 1000; i++) yield { ...made.steps[0], preview: 'x'.repeat(100_000) } as never;
      },
    };
    const [verdict] = await customJudge({ folder }, undefined, { ...LIMITS, time: 1 })(long, made.run, []);
    expect(verdict?.reason).toBe('a.evaluator.mjs did not answer within 1 s.');
  });

  it.each([
    ['on the heap', 'a.evaluator.mjs', js(`const all = []; for (;;) all.push({ text: 'x' + all.length });`)],
    ['beside the heap', 'a.evaluator.mjs', js('const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));')],
    ['in Python', 'a.evaluator.py', 'all = []\nwhile True:\n    all.append(bytearray(b"x" * 10_000_000))\n'],
  ])('that eats memory %s', async (_where, name, text) => {
    await write(name, text);
    expect((await judge({ memory: 64 }))[0]?.reason).toBe(`${name} took more than 64 MB of memory.`);
  });

  it('that speaks for another', async () => {
    const as = (id: string) => js(PASS, `export const id = '${id}'; export const title = 'x';`);
    await write('a.evaluator.mjs', as('action.tool-failed'));
    await write('b.evaluator.mjs', as('actionsafety'));
    await write('c.evaluator.mjs', as('judge.task-completion'));
    await write('d.evaluator.mjs', as('mine'));
    await write('e.evaluator.mjs', as('mine'));
    await write(
      'f.evaluator.mjs',
      js(
        `return [{ name: 'tool-failed', status: 'pass', reason: 'r' }];`,
        `export const id = 'action'; export const title = 'x';`,
      ),
    );
    const verdicts = await judge();
    expect(verdicts.map(({ evaluator, status }) => [evaluator, status])).toEqual([
      ['custom.a', 'error'],
      ['custom.b', 'error'],
      ['custom.c', 'error'],
      ['mine', 'pass'],
      ['custom.e', 'error'],
      ['custom.f', 'error'],
    ]);
    expect(verdicts[0]?.reason).toBe(
      'a.evaluator.mjs says that it is "action.tool-failed", which another evaluator is.',
    );
  });

  it('and prints what it likes: that is no answer', async () => {
    const lie = JSON.stringify({ id: 'mine', title: 'x', verdict: { status: 'fail', reason: 'printed' } });
    await write(
      'a.evaluator.mjs',
      js(`console.log(${JSON.stringify(lie)}); process.stderr.write('\\u0000'.repeat(1e6)); ${PASS}`),
    );
    await write(
      'b.evaluator.py',
      `import sys\nid = "b"\ntitle = "B"\ndef evaluate(run, context):\n    print('{"verdict": 1}' * 100000)\n    sys.stderr.write("x" * 100000)\n    return {"status": "pass", "reason": "Fine."}\n`,
    );
    expect((await judge()).map(({ reason }) => reason)).toEqual(['Fine.', 'Fine.']);
  });

  it('of whose long texts the beginning is kept', async () => {
    await write('a.evaluator.mjs', js(`return { status: 'pass', reason: 'r'.repeat(100_000) };`));
    expect((await judge())[0]?.reason).toHaveLength(1000);
  });
});

describe.skipIf(process.platform !== 'linux')('what a custom evaluator starts', () => {
  const spawning = (options: string, then: string) => `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
export const id = 'mine'; export const title = 'Mine';
export function evaluate() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], ${options});
  writeFileSync(new URL('child', import.meta.url), String(child.pid));
  ${then}
}`;
  it.each([
    ['in its group', `{ stdio: 'inherit' }`, PASS],
    ['in a group of its own', `{ stdio: 'ignore', detached: true }`, PASS],
    ['when it hangs', `{ stdio: 'inherit' }`, 'for (;;);'],
    ['when it exits', `{ stdio: ['inherit', 'inherit', 'inherit', 3], detached: true }`, 'process.exit(0);'],
  ])('ends with it: %s', async (_where, options, then) => {
    await write('a.evaluator.mjs', spawning(options, then));
    await judge({ time: 2 });
    expect(await hasEnded(Number(await readFile(join(folder, 'child'), 'utf8')))).toBe(true);
  });
});

describe('a folder of custom evaluators', () => {
  it('may be empty, missing, or hold other things', async () => {
    await write('hindstep-evaluator.d.ts', '');
    await write('shared.mjs', 'throw 1');
    await write('x.evaluator.rb', 'throw 1');
    expect(await judge()).toEqual([]);
    expect(await judge({ at: join(folder, 'none') })).toEqual([]);
  });

  it('that can not be read is one error verdict', async () => {
    await write('file', '');
    expect(await judge({ at: join(folder, 'file') })).toMatchObject([
      { evaluator: 'custom-evaluators', status: 'error', reason: expect.stringContaining("can't be read") },
    ]);
  });

  it('stops judging when it is told so', async () => {
    await write('a.evaluator.mjs', js('for (;;);'));
    const stop = new AbortController();
    const judging = judge({}, stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(judging).rejects.toThrow('enough');
  });
});

/** A killed process that nobody has waited for yet still answers; its state tells. */
async function hasEnded(pid: number): Promise<boolean> {
  for (let i = 0; i < 50; i++) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (state === '' || / [ZX] /.test(state)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
