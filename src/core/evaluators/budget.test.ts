import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { budget } from './budget.ts';
import { contextFor } from './context.ts';
import type { Policy } from './policy/policy.ts';
import { nearestRank } from './shared/percentile.ts';

const verdictOf = (sketches: StepSketch[], policy?: Policy, more: Parameters<typeof makeRun>[1] = {}) => {
  const made = makeRun(sketches, more);
  return judge(budget, made, contextFor(made.run, policy));
};
const call = (id: number, duration?: number): StepSketch => ({
  calls: [{ tool: 'get', with: { id }, observation: { content: [], ...(duration !== undefined && { duration }) } }],
});
const model = (inputTokens: number, outputTokens: number, more: StepSketch = {}): StepSketch => ({
  says: 'x',
  usage: { inputTokens, outputTokens },
  ...more,
});

describe('run.budget measures', () => {
  it('what a run took, without a budget', () => {
    const verdict = verdictOf([model(900, 100, { startTime: 0, endTime: 1000 }), call(1, 40), call(1, 70), call(2)]);
    expect(verdict).toMatchObject({ status: 'na', findings: [] });
    expect(verdict.reason).toBe(
      'No budget is set. The run took 1,000 tokens, 4 steps, 1 s, 1 repeated action, slowest action 70 ms (n = 2).',
    );
  });

  it('the p99 action latency by nearest rank once there are enough actions', () => {
    const steps = Array.from({ length: 200 }, (_, i) => call(i, i + 1));
    expect(verdictOf(steps).reason).toContain('p99 action latency 198 ms (n = 200)');
    expect(verdictOf(steps.slice(0, 99)).reason).toContain('slowest action 99 ms (n = 99)');
    expect([nearestRank([], 0.99), nearestRank([3, 1, 2], 0.5), nearestRank([5], 0.99)]).toEqual([undefined, 2, 5]);
  });

  it('recorded costs, else tokens at known prices, and never makes one up', () => {
    const prices = { small: { input: 1, output: 10, cached: 0.1 } };
    const priced = { ...model(500_000, 100_000), model: 'small' };
    expect(verdictOf([priced]).reason).toContain('The run took 600,000 tokens, 1 step');
    expect(verdictOf([priced], { prices }).reason).toContain('took $1.50, 600,000 tokens');
    expect(verdictOf([{ ...priced, cost: 0.5 }], { prices }).reason).toContain('took $0.50,');
    expect(verdictOf([priced, model(10, 1)], { prices }).reason).toContain('took at least $1.50,');
    expect(verdictOf([priced], { prices }, { cost: 3 }).reason).toContain('took $3.00,');
    expect(verdictOf([], { prices }, { model: 'small', usage: { inputTokens: 1e6 } }).reason).toContain('took $1.00,');
    const cached = {
      usage: { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 500_000 },
      model: 'small',
      says: 'x',
    };
    expect(verdictOf([cached], { prices }).reason).toContain('took $0.55,');
    const apart = { usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 1_000_000 }, model: 'small', says: 'x' };
    expect(verdictOf([apart], { prices }).reason).toContain('took $0.10,');
  });
});

describe('run.budget warns', () => {
  const steps = [model(10, 5, { cost: 0.1 }), model(900, 50, { cost: 0.7 }), call(1, 40), call(1, 9000), call(1, 20)];
  const timed = [call(1), call(2), call(3)].map((one, i) => ({ ...one, startTime: i * 1000, endTime: i * 1000 + 500 }));

  it.each<[keyof NonNullable<Policy['budgets']>, number, StepSketch[], number, string]>([
    ['cost', 0.5, steps, 1, 'The run cost $0.80; its budget is $0.50. This step took the most, $0.70.'],
    [
      'tokens',
      100,
      steps,
      1,
      'The run took 965 tokens; its budget is 100 tokens. This step took the most, 950 tokens.',
    ],
    ['steps', 3, steps, 3, 'The run took 5 steps; its budget is 3, and this is the first beyond it.'],
    ['actionLatency', 1000, steps, 3, 'get took 9 s; the budget is 1 s.'],
    ['repeats', 1, steps, 4, '2 actions repeat an earlier one; the budget is 1, and this is the first beyond it.'],
    ['duration', 1000, timed, 1, 'The run took 2.5 s; its budget of 1 s was over here.'],
  ])('of %s over %s', (name, limit, sketches, step, message) => {
    const verdict = verdictOf(sketches, { budgets: { [name]: limit } });
    expect(verdict).toMatchObject({ status: 'warn', score: 0, findings: [{ step, message, severity: 'warning' }] });
    expect(verdictOf(sketches, { budgets: { [name]: 1e6 } })).toMatchObject({ status: 'pass', score: 1, findings: [] });
  });

  it('of nothing that is not recorded', () => {
    expect(verdictOf([{ user: 'Go' }], { budgets: { cost: 1, tokens: 5, actionLatency: 3 } })).toMatchObject({
      status: 'na',
      reason: expect.stringContaining(
        'Not recorded: cost (no cost is recorded, and no price is known), tokens, action latency.',
      ),
    });
    expect(verdictOf([{ user: 'Go' }], { budgets: { cost: 1, steps: 5 } })).toMatchObject({
      status: 'pass',
      reason: expect.stringContaining('Not recorded: cost'),
    });
  });

  it('counts the same call twice in one decision as fan-out, and calls of siblings apart', () => {
    const twice: StepSketch = {
      calls: [
        { tool: 'get', with: { id: 1 } },
        { tool: 'get', with: { id: 1 } },
      ],
    };
    const sibling = (agent: string, parent: number) => ({ ...call(1), agent, parent, depth: 1 });
    expect(verdictOf([twice]).reason).toContain('0 repeated actions');
    expect(verdictOf([{ says: 'go', end: 3 }, sibling('a', 0), sibling('b', 0)]).reason).toContain(
      '0 repeated actions',
    );
  });
});
