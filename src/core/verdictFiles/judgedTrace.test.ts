import { describe, expect, it } from 'vitest';
import { fakeTrace } from '../../../test/support/fakeTrace.ts';
import { makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Finding, Verdict } from '../evaluators/verdict.ts';
import { Redactor } from '../redact/redact.ts';
import type { Json } from '../util/json.ts';
import { judgedTrace } from './judgedTrace.ts';
import { textsOf, withoutSecrets } from './withoutSecrets.ts';

const call = (tool: string, given: Record<string, string | number>): StepSketch => ({
  calls: [{ tool, with: given, returns: 'ok' }],
});

const finding = (step: number, more: Partial<Finding> = {}): Finding => ({
  step,
  pointer: '/actions/0/arguments/amount',
  message: `Refunds too much at step ${step + 1}.`,
  evidence: [],
  confidence: 'certain',
  severity: 'error',
  ...more,
});

async function judged(sketches: readonly StepSketch[], findings: readonly Finding[], evaluator = 'refund') {
  const made = makeRun(sketches);
  const redactor = new Redactor();
  for (const step of made.steps) await redactor.learn(step as unknown as Json);
  const verdict: Verdict = { evaluator, status: 'fail', score: 0, reason: 'Too much.', findings };
  const text = new TextEncoder().encode('line one\n'.repeat(100));
  const source = {
    name: 'run.json',
    size: text.length,
    read: async (at: number, size: number) => text.slice(at, at + size),
  };
  const file = { path: 'run.json', sha256: '00', trace: fakeTrace(made), source };
  const trace = await judgedTrace(file, [{ run: made.run, verdicts: [verdict], rollUps: [], suspects: [] }], redactor);
  return { trace, redactor, prints: trace.runs[0]?.verdicts[0]?.findings.map((one) => one.fingerprint) ?? [] };
}

const GOAL = { user: 'Refund the order' };
const REFUND = call('refund_order', { amount: 900 });

describe('a fingerprint', () => {
  it('stays when unrelated steps are added before', async () => {
    const before = await judged([GOAL, REFUND], [finding(1)]);
    const after = await judged([GOAL, call('get_order', { id: 'A-1' }), { says: 'hm' }, REFUND], [finding(3)]);
    expect(after.prints).toEqual(before.prints);
    expect(before.prints[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells equal calls of a run apart, other arguments, and other evaluators', async () => {
    const { prints } = await judged(
      [GOAL, REFUND, REFUND, call('refund_order', { amount: 1 })],
      [finding(1), finding(2), finding(3)],
    );
    const other = await judged([GOAL, REFUND], [finding(1)], 'other');
    expect(new Set([...prints, ...other.prints]).size).toBe(4);
  });

  it('holds no secret, and does not depend on secrets before it', async () => {
    const pay = call('pay', { amount: 5, password: 'hunter2-hunter2' });
    const before = await judged([GOAL, pay], [finding(1)]);
    const rotated = await judged([GOAL, call('pay', { amount: 5, password: 'correct-horse-9' })], [finding(1)]);
    const after = await judged([GOAL, call('login', { password: 'another-secret-1' }), pay], [finding(2)]);
    expect(rotated.prints).toEqual(before.prints);
    expect(after.prints).toEqual(before.prints);
  });
});

it('names lines of the file, and the steps that led there', async () => {
  const { trace } = await judged([GOAL, ...Array.from({ length: 9 }, () => REFUND)], [finding(8, { pointer: '' })]);
  const run = trace.runs[0];
  expect(run?.verdicts[0]?.findings[0]?.region).toMatchObject({ startLine: 89, startColumn: 9 });
  expect([...(run?.steps.keys() ?? [])]).toEqual([0, 3, 4, 5, 6, 7, 8]);
  expect(run?.steps.get(8)?.words).toBe('refund_order');
});

it('loses its secrets wherever a verdict quotes them, also where only a step tells that they are secrets', async () => {
  const steps = [GOAL, call('login', { password: 'hunter2-hunter2', email: 'eva@mail.example' })];
  const message = 'Logs in with hunter2-hunter2 as eva@mail.example.';
  const found = finding(1, {
    message,
    expected: 'x',
    actual: 'hunter2-hunter2',
    evidence: [{ step: 1, quote: 'hunter2-hunter2' }],
  });
  const { trace, redactor } = await judged(steps, [found]);
  await redactor.learn(textsOf(trace));
  const report = withoutSecrets({ version: '0', traces: [trace] }, redactor);
  const all = JSON.stringify(report.traces[0]?.runs[0]?.verdicts);
  expect(all).not.toContain('hunter2');
  expect(all).not.toContain('eva@');
  expect(all).toContain('<PASSWORD_1>');
});
