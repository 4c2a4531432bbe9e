import { actionDuration, durationBetween } from '../trace/duration.ts';
import type { Run, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { BudgetPolicy } from './policy/policy.ts';
import { MOST_FINDINGS, notApplicable, statusOf } from './shared/conclude.ts';
import { nearestRank } from './shared/percentile.ts';
import { Repeats } from './shared/repeats.ts';
import { durationText, usd } from './shared/say.ts';
import { type Taken, TokenCost } from './shared/tokenCost.ts';
import { counted } from './shared/wording.ts';
import type { Finding } from './verdict.ts';

/** Fewer actions than this have no 99th percentile worth its name; their slowest is told. */
const FEWEST_FOR_P99 = 100;

export const budget: Evaluator = {
  id: 'run.budget',
  title: 'Cost, latency, steps',
  summary: 'What a run took, and where it went over the budgets of the policy.',
  level: 'run',
  severity: 'warning',
  needs: ['policy (budgets)', 'prices in the policy (where the trace records no costs)'],
  definition: `Measures each run: token cost (recorded costs, else tokens at the policy's prices; without a price the tokens alone, never 0), steps, time, repeated actions, and the p99 action latency (nearest rank; below ${FEWEST_FOR_P99} actions with a duration the slowest one instead). Warns where a budget of the policy is exceeded: for cost and tokens at the costliest step, for steps, time and repeats at the step that goes over, and at each action that is too slow.`,
  notApplicable:
    'The policy sets no budget, or what its budgets are about is not recorded. The reason tells what was measured all the same.',
  falsePositives: 'Durations that include waiting for a person.',
  defaultThreshold: 'no limits but those of the policy',
  start: (context) => new BudgetCheck(context),
};

/** A step and an amount of it. */
interface At {
  readonly step: number;
  readonly amount: number;
}

class BudgetCheck implements Observer {
  private readonly limits: BudgetPolicy;
  private readonly cost: TokenCost;
  private readonly repeats = new Repeats();
  private readonly durations: number[] = [];
  private readonly slow: Finding[] = [];
  private costliest: At | undefined;
  private longest: At | undefined;
  private overTime: At | undefined;
  private overRepeats: { step: number; pointer: string } | undefined;
  private start: number | undefined;
  private end: number | undefined;

  constructor(private readonly context: EvaluationContext) {
    this.limits = context.policy?.budgets ?? {};
    this.cost = new TokenCost(context.policy);
    this.start = context.run.startTime;
  }

  step(step: Step): void {
    const { tokens, cost } = this.cost.add(step, this.context.run);
    this.costliest = greater(this.costliest, step.index, cost);
    this.longest = greater(this.longest, step.index, tokens);
    this.time(step);
    const repeated = this.repeats.add(step);
    const { repeats, actionLatency } = this.limits;
    if (repeats !== undefined && this.repeats.count > repeats && repeated[0] !== undefined) {
      this.overRepeats ??= { step: step.index, pointer: `/actions/${step.actions.indexOf(repeated[0])}` };
    }
    for (const [i, action] of step.actions.entries()) {
      const duration = actionDuration(action);
      if (duration === undefined) continue;
      this.durations.push(duration);
      if (actionLatency === undefined || duration <= actionLatency || this.slow.length >= MOST_FINDINGS) continue;
      const words = `${action.tool} took ${durationText(duration)}; the budget is ${durationText(actionLatency)}.`;
      this.slow.push(over(step.index, words, durationText(actionLatency), durationText(duration), `/actions/${i}`));
    }
  }

  private time(step: Step): void {
    const begin = step.startTime ?? step.actions[0]?.startTime;
    const end = Math.max(
      ...[step.endTime, begin, ...step.actions.map((action) => action.endTime)].filter((t) => t !== undefined),
    );
    if (!Number.isFinite(end)) return;
    this.start ??= begin ?? end;
    if (this.end === undefined || end > this.end) this.end = end;
    const { duration } = this.limits;
    const taken = end - this.start;
    if (duration !== undefined && taken > duration) this.overTime ??= { step: step.index, amount: taken };
  }

  finish(run: Run): Conclusion {
    const taken = this.cost.finish(run);
    const lasted = durationBetween(run.startTime ?? this.start, run.endTime ?? this.end);
    const measured = this.measured(run, taken, lasted);
    const asked = Object.keys(this.limits).length;
    if (asked === 0) return notApplicable(`No budget is set. The run took ${measured}.`);
    const unknown = unmeasured(this.limits, taken, lasted, this.durations.length, this.repeats.actions);
    if (unknown.length === asked)
      return notApplicable(`Not recorded: ${unknown.join(', ')}. The run took ${measured}.`);
    const findings = [...this.overBudget(run, taken, lasted), ...this.slow].sort((a, b) => a.step - b.step);
    const first = findings[0]?.message;
    const missing = unknown.length === 0 ? '' : ` Not recorded: ${unknown.join(', ')}.`;
    const reason = first === undefined ? `Within its budgets: ${measured}.` : `${first} The run took ${measured}.`;
    return {
      status: statusOf(findings),
      score: findings.length === 0 ? 1 : 0,
      reason: `${reason}${missing}`,
      findings,
    };
  }

  /** What the run took, in words. */
  private measured(run: Run, { tokens, cost, atLeast }: Taken, lasted: number | undefined): string {
    const { count, actions } = this.repeats;
    return [
      cost === undefined ? undefined : `${atLeast ? 'at least ' : ''}${usd(cost)}`,
      tokens === undefined ? undefined : `${tokens.toLocaleString('en-US')} tokens`,
      counted(run.steps.length, 'step'),
      lasted === undefined ? undefined : durationText(lasted),
      actions === 0 ? undefined : counted(count, 'repeated action'),
      this.latency(),
    ]
      .filter((part) => part !== undefined)
      .join(', ');
  }

  private latency(): string | undefined {
    const { durations } = this;
    const n = `n = ${durations.length}`;
    const p99 = nearestRank(durations, durations.length < FEWEST_FOR_P99 ? 1 : 0.99);
    if (p99 === undefined) return undefined;
    const text = durationText(p99);
    return durations.length < FEWEST_FOR_P99 ? `slowest action ${text} (${n})` : `p99 action latency ${text} (${n})`;
  }

  private overBudget(run: Run, { tokens, cost }: Taken, lasted: number | undefined): Finding[] {
    const { limits } = this;
    const findings: Finding[] = [];
    const last = Math.max(0, run.steps.length - 1);
    if (limits.cost !== undefined && cost !== undefined && cost > limits.cost) {
      const words = `The run cost ${usd(cost)}; its budget is ${usd(limits.cost)}.`;
      findings.push(
        over(this.costliest?.step ?? last, `${words}${most(this.costliest, usd)}`, usd(limits.cost), usd(cost)),
      );
    }
    if (limits.tokens !== undefined && tokens !== undefined && tokens > limits.tokens) {
      const text = (amount: number) => `${amount.toLocaleString('en-US')} tokens`;
      const words = `The run took ${text(tokens)}; its budget is ${text(limits.tokens)}.`;
      findings.push(
        over(this.longest?.step ?? last, `${words}${most(this.longest, text)}`, text(limits.tokens), text(tokens)),
      );
    }
    const steps = run.steps.length;
    if (limits.steps !== undefined && steps > limits.steps) {
      const words = `The run took ${counted(steps, 'step')}; its budget is ${limits.steps}, and this is the first beyond it.`;
      findings.push(over(Math.floor(limits.steps), words, String(limits.steps), String(steps)));
    }
    if (limits.duration !== undefined && lasted !== undefined && lasted > limits.duration) {
      const words = `The run took ${durationText(lasted)}; its budget of ${durationText(limits.duration)} was over here.`;
      findings.push(over(this.overTime?.step ?? last, words, durationText(limits.duration), durationText(lasted)));
    }
    if (limits.repeats !== undefined && this.overRepeats !== undefined) {
      const { step, pointer } = this.overRepeats;
      const words = `${counted(this.repeats.count, 'action')} repeat an earlier one; the budget is ${limits.repeats}, and this is the first beyond it.`;
      findings.push(over(step, words, String(limits.repeats), String(this.repeats.count), pointer));
    }
    return findings;
  }
}

/** The budgets whose measure the trace does not record, by name. */
function unmeasured(
  limits: BudgetPolicy,
  { tokens, cost }: Taken,
  lasted: number | undefined,
  durations: number,
  actions: number,
): string[] {
  return [
    limits.cost !== undefined && cost === undefined ? 'cost (no cost is recorded, and no price is known)' : '',
    limits.tokens !== undefined && tokens === undefined ? 'tokens' : '',
    limits.duration !== undefined && lasted === undefined ? 'duration' : '',
    limits.actionLatency !== undefined && durations === 0 ? 'action latency' : '',
    limits.repeats !== undefined && actions === 0 ? 'repeats' : '',
  ].filter((name) => name !== '');
}

function greater(known: At | undefined, step: number, amount: number | undefined): At | undefined {
  return amount !== undefined && amount > (known?.amount ?? 0) ? { step, amount } : known;
}

function most(at: At | undefined, text: (amount: number) => string): string {
  return at === undefined ? '' : ` This step took the most, ${text(at.amount)}.`;
}

function over(step: number, message: string, expected: string, actual: string, pointer = ''): Finding {
  const most = `at most ${expected}`;
  return { step, pointer, message, evidence: [], expected: most, actual, confidence: 'certain', severity: 'warning' };
}
