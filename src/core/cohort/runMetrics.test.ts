import { describe, expect, it } from 'vitest';
import { type CallSketch, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Policy } from '../evaluators/policy/policy.ts';
import type { Run } from '../trace/model.ts';
import { MetricsObserver } from './runMetrics.ts';

function measure(sketches: StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}, policy?: Policy) {
  const { run, steps } = makeRun(sketches, more);
  const observer = new MetricsObserver(run, policy);
  for (const step of steps) observer.step(step);
  return observer.finish();
}

const call = (tool: string, more: Partial<CallSketch> = { returns: 'ok' }): StepSketch => ({
  calls: [{ tool, with: { id: 1 }, ...more }],
});
const denied = { fails: 'Error: denied' };
const ask: StepSketch = { user: 'Cancel 1' };

describe('MetricsObserver', () => {
  it('counts actions, failures and repeats, and leaves out what is not recorded', () => {
    const run = [ask, call('look'), call('look'), call('cancel', denied), { calls: [{ tool: 'pay' }] }];
    expect(measure(run)).toEqual({
      steps: 5,
      actions: 4,
      knownOutcomes: 3,
      failedCalls: 1,
      repeatedActions: 1,
      comparedActions: 4,
      latencies: [],
    });
  });

  it.each<[string, StepSketch[], string | undefined]>([
    [
      'the tool that failed again',
      [call('cancel', denied), call('cancel', { with: { id: 2 }, returns: 'ok' })],
      'retry',
    ],
    ['an earlier call again', [call('look'), call('cancel', denied), call('look')], 'backtrack'],
    ['an undoing', [call('cancel', denied), call('git_reset')], 'backtrack'],
    ['a person', [call('cancel', denied), call('transfer_to_human_agents')], 'escalation'],
    ['something else', [call('cancel', denied), call('pay')], undefined],
    ['nothing, and no failure', [call('cancel'), call('cancel'), call('transfer_to_human_agents')], undefined],
  ])('calls %s after a failed action: %s', (_, run, repair) => {
    expect(measure([ask, ...run]).repair).toBe(repair);
  });

  it('takes the duration that is recorded, else what lies between start and end', () => {
    const timed = { observation: { content: [], duration: 40 } };
    const run = [
      call('a', timed),
      call('b', { startTime: 1000, endTime: 1250 }),
      call('c', { startTime: 5, endTime: 1 }),
    ];
    expect(measure(run).latencies).toEqual([40, 250]);
  });

  it('never makes up a cost: tokens alone where no price is known', () => {
    const model: StepSketch = { says: 'Hm', model: 'small', usage: { inputTokens: 1000, outputTokens: 500 } };
    const bare = measure([ask, model]);
    expect(bare.tokens).toBe(1500);
    expect(bare).not.toHaveProperty('cost');
    const policy: Policy = { tools: {}, prices: { small: { input: 1, output: 2 } } };
    expect(measure([ask, model], {}, policy).cost).toBeCloseTo(0.002);
    expect(measure([ask, { ...model, cost: 0.5 }, model])).toMatchObject({ cost: 0.5, costIsAtLeast: true });
  });

  it('counts the turns that a person disliked, or that were handed to one, where there is feedback at all', () => {
    const turns = [
      ask,
      call('cancel'),
      { says: 'Done' },
      ask,
      call('pay'),
      ask,
      call('transfer_to_human'),
      ask,
      { says: 'Bye' },
    ];
    expect(measure(turns).feedback).toBeUndefined();
    expect(measure(turns, { feedback: [{ kind: 'score', value: 1 }] }).feedback).toBeUndefined();
    expect(measure(turns, { feedback: [{ kind: 'thumbs-up' }] }).feedback).toEqual({ turns: 3, negative: 1 });
    expect(measure(turns, { feedback: [{ kind: 'thumbs-down', step: 2 }] }).feedback).toEqual({
      turns: 3,
      negative: 2,
    });
  });
});
