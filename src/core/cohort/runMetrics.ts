import type { Policy } from '../evaluators/policy/policy.ts';
import { callKey, outcomeOf } from '../evaluators/shared/actions.ts';
import { branchOf } from '../evaluators/shared/branch.ts';
import { Repeats } from '../evaluators/shared/repeats.ts';
import { TokenCost } from '../evaluators/shared/tokenCost.ts';
import { isEscalation } from '../evaluators/shared/toolKinds.ts';
import { wordsOfName } from '../evaluators/shared/toolNames.ts';
import { actionDuration } from '../trace/duration.ts';
import type { Action, Feedback, Run, Step } from '../trace/model.ts';

/** What was counted in one run. Plain data; what the trace does not record is absent. */
export interface RunMetrics {
  readonly steps: number;
  readonly actions: number;
  /** Calls whose outcome is known, and those of them that failed. */
  readonly knownOutcomes: number;
  readonly failedCalls: number;
  /** How the run first answered a failed call; absent when no call failed, or nothing was done about it. */
  readonly repair?: Repair;
  /** Actions that repeat an earlier one, of those whose arguments are recorded. */
  readonly repeatedActions: number;
  readonly comparedActions: number;
  /** Of each action with a duration, in ms. */
  readonly latencies: readonly number[];
  readonly tokens?: number;
  /** USD. */
  readonly cost?: number;
  /** True when some model calls have neither a recorded cost nor a price. */
  readonly costIsAtLeast?: true;
  /** Turns with actions, and those of them that a person disliked or that were handed to one; absent without feedback. */
  readonly feedback?: { readonly turns: number; readonly negative: number };
}

/** `retry`: the tool that failed was called again. `backtrack`: back to an earlier call, or an undoing. `escalation`: to a person. */
export type Repair = 'retry' | 'backtrack' | 'escalation';

/** Counts a run's metrics as its steps pass by. */
export class MetricsObserver {
  private actions = 0;
  private known = 0;
  private failed = 0;
  private readonly repairs = new Repairs();
  private readonly repeats = new Repeats();
  private readonly latencies: number[] = [];
  private readonly cost: TokenCost;
  private readonly turns: Turn[] = [];

  constructor(
    private readonly run: Run,
    policy: Policy | undefined,
  ) {
    this.cost = new TokenCost(policy);
  }

  step(step: Step): void {
    this.cost.add(step, this.run);
    this.repeats.add(step);
    this.repairs.step(step);
    if ((step.kind === 'user' && step.depth === 0) || this.turns.length === 0) {
      this.turns.push({ start: step.index, actions: 0, escalated: false });
    }
    const turn = this.turns.at(-1);
    for (const action of step.actions) {
      this.actions++;
      const outcome = outcomeOf(action);
      if (outcome !== 'unknown') this.known++;
      if (outcome === 'failed') this.failed++;
      const duration = actionDuration(action);
      if (duration !== undefined) this.latencies.push(duration);
      if (turn === undefined) continue;
      turn.actions++;
      if (isEscalation(action.tool)) turn.escalated = true;
    }
  }

  finish(): RunMetrics {
    const { run } = this;
    const { tokens, cost, atLeast } = this.cost.finish(run);
    const repair = this.repairs.first ?? (this.failed > 0 && run.ended === 'escalated' ? 'escalation' : undefined);
    const feedback = feedbackOf(run, this.turns);
    return {
      steps: run.steps.length,
      actions: this.actions,
      knownOutcomes: this.known,
      failedCalls: this.failed,
      ...(repair !== undefined && { repair }),
      repeatedActions: this.repeats.count,
      comparedActions: this.repeats.actions,
      latencies: this.latencies,
      ...(tokens !== undefined && { tokens }),
      ...(cost !== undefined && { cost }),
      ...(cost !== undefined && atLeast && { costIsAtLeast: true }),
      ...(feedback !== undefined && { feedback }),
    };
  }
}

/** What lies between two messages of the user. */
interface Turn {
  readonly start: number;
  actions: number;
  escalated: boolean;
}

/** Words of tools that take something back or go back. */
const UNDOING = new Set(['undo', 'revert', 'rollback', 'restore', 'back', 'backtrack', 'reset']);

/** Finds how a run first answered a failed call. */
class Repairs {
  first: Repair | undefined;
  /** Branch and tool of calls that failed and have not succeeded since. */
  private readonly open = new Set<string>();
  /** Calls of branches in which one has failed, and before. */
  private readonly made = new Set<string>();

  step(step: Step): void {
    if (this.first !== undefined) return;
    const branch = branchOf(step);
    const here: string[] = [];
    for (const action of step.actions) {
      const key = `${branch} ${callKey(action) ?? ''}`;
      const tool = `${branch} ${action.tool}`;
      if (this.open.size > 0) this.first ??= this.answer(action, tool, key);
      here.push(key);
      if (outcomeOf(action) === 'failed') this.open.add(tool);
    }
    for (const key of here) this.made.add(key);
  }

  private answer(action: Action, tool: string, key: string): Repair | undefined {
    if (isEscalation(action.tool)) return 'escalation';
    if (this.open.has(tool)) return 'retry';
    if (wordsOfName(action.tool).some((word) => UNDOING.has(word))) return 'backtrack';
    return callKey(action) !== undefined && this.made.has(key) ? 'backtrack' : undefined;
  }
}

function feedbackOf(run: Run, turns: readonly Turn[]): RunMetrics['feedback'] {
  const given = run.feedback?.filter(({ kind }) => kind === 'thumbs-up' || kind === 'thumbs-down') ?? [];
  if (given.length === 0) return undefined;
  const active = turns.filter(({ actions }) => actions > 0);
  const disliked = new Set(given.filter(({ kind }) => kind === 'thumbs-down').map((one) => turnOf(one, active)));
  const negative = active.filter((turn) => turn.escalated || disliked.has(turn)).length;
  return { turns: active.length, negative };
}

/** The turn that feedback is about: the one its step stands in, else the last one with actions. */
function turnOf({ step }: Feedback, active: readonly Turn[]): Turn | undefined {
  return step === undefined ? active.at(-1) : active.findLast(({ start }) => start <= step);
}
