import { describe, expect, it } from 'vitest';
import { type CallSketch, makeRun, type StepSketch } from '../../../../test/support/makeRun.ts';
import { evaluate } from '../evaluate.ts';
import type { Evaluator } from '../evaluator.ts';
import { toolFailed } from '../toolFailed.ts';
import type { Policy } from './policy.ts';

async function judged(sketches: StepSketch[], policy: Policy, evaluators?: readonly Evaluator[]) {
  const { run, steps } = makeRun([{ user: 'Go' }, ...sketches]);
  const trace = {
    async *steps(_: unknown, from = 0, to = steps.length) {
      yield* steps.slice(from, to);
    },
  };
  const { verdicts } = await evaluate(trace, run, { policy, ...(evaluators && { evaluators }) });
  return (id: string) => verdicts.find(({ evaluator }) => evaluator === id)?.status;
}
const call = (tool: string, args: CallSketch['with'] = {}, more: Partial<CallSketch> = {}): StepSketch => ({
  calls: [{ tool, with: args, returns: 'same', ...more }],
});

describe('evaluators ask the policy for their threshold:', () => {
  const get = call('get', { id: 1 });
  const fails = (n: number) => call('save', { id: 1 }, { fails: `broken ${n}` });
  const lap = [call('a', { q: 1 }), call('b', { q: 2 })];
  const slow = call('get', {}, { observation: { content: [], duration: 5000 } });

  it.each<[string, number, string, string, StepSketch[]]>([
    ['loop.repeated-action', 4, 'fail', 'warn', [get, get, get]],
    [
      'loop.repair-loop',
      9,
      'fail',
      'pass',
      [fails(1), call('save', { id: 2 }, { fails: 'x' }), call('save', { id: 3 }, { fails: 'y' })],
    ],
    ['loop.cycle', 4, 'warn', 'pass', [...lap, ...lap, ...lap]],
    ['run.tool-success-rate', 0.5, 'warn', 'pass', [fails(1), get, fails(2), get, get]],
    ['action.tool-timeout', 1000, 'pass', 'warn', [slow]],
  ])('%s at %s', async (id, threshold, without, withIt, sketches) => {
    expect((await judged(sketches, {}))(id)).toBe(without);
    expect((await judged(sketches, { evaluators: { [id]: { threshold } } }))(id)).toBe(withIt);
  });
});

describe('the tool list of the policy', () => {
  const policy: Policy = {
    toolList: [
      { name: 'save', inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
      { name: 'get' },
      { name: 'list' },
    ],
  };

  it('stands for what the trace does not list', async () => {
    const status = await judged([call('save', { id: 5 }), call('get'), call('list'), call('drop')], policy);
    expect([status('action.args-invalid'), status('action.tool-undeclared')]).toEqual(['fail', 'fail']);
    const without = await judged([call('save', { id: 5 }), call('get')], {});
    expect([without('action.args-invalid'), without('action.tool-undeclared')]).toEqual(['na', 'na']);
  });

  it('adds schemas to what the trace lists, and no tools', async () => {
    const request = { tools: [{ name: 'save' }, { name: 'other' }] };
    const status = await judged(
      [
        { ...call('save', { id: 5 }), request },
        { ...call('other'), request },
      ],
      policy,
    );
    expect([status('action.args-invalid'), status('action.tool-undeclared')]).toEqual(['fail', 'pass']);
  });
});

it('does not start what the policy turns off', async () => {
  let started = 0;
  const watched: Evaluator = {
    ...toolFailed,
    id: 'x.y',
    start: () => {
      started++;
      return { step: () => undefined, finish: () => ({ status: 'fail', score: 0, reason: 'r', findings: [] }) };
    },
  };
  const off = await judged([], { evaluators: { 'x.y': { severity: 'off' } } }, [watched]);
  expect([off('x.y'), started]).toEqual(['na', 0]);
  const on = await judged([], { evaluators: { 'x.y': { severity: 'warning' } } }, [watched]);
  expect([on('x.y'), started]).toEqual(['warn', 1]);
});
