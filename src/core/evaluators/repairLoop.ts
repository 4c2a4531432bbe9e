import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { callKey, failed } from './shared/actions.ts';
import { branchOf } from './shared/branch.ts';
import { Progress } from './shared/progress.ts';
import { Spending } from './shared/say.ts';
import { isTransient } from './shared/timeouts.ts';
import { isPolling, nameOf, programOf } from './shared/toolKinds.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

/** Failed attempts in a row, the original included, from which on a loop is a fault. */
const FAIL_AT = 3;
/** The same for reads that fail by something transient and are retried after growing pauses. */
const FAIL_AT_WITH_BACK_OFF = 6;
/** Repairs that a run may have whatever its length, and as a share of its actions. */
const REPAIRS_ALLOWED = 5;
const REPAIR_SHARE_ALLOWED = 0.3;

/** A failed call that is tried again and again instead of being thought about. */
export const repairLoop: Evaluator = {
  id: 'loop.repair-loop',
  title: 'Runaway repair loop',
  summary: 'A failed call is tried again and again; says what the loop cost.',
  level: 'run',
  severity: 'error',
  needs: [],
  definition:
    'A repair is a call of the same tool (for shells: the same program; on screens: the same element) after it failed, ' +
    `before it worked. Fails at ${FAIL_AT} failed attempts in a row with nothing changed in between, or when repairs are ` +
    `more than ${REPAIRS_ALLOWED} and more than ${REPAIR_SHARE_ALLOWED * 100} % of the actions. Warns when a call that ` +
    'failed for a lasting reason is made again with the same arguments and fails again. Points at the first retry: the ' +
    'decision not to change anything. The reason says what the loop took in tokens, cost and time.',
  notApplicable: 'No action failed.',
  falsePositives:
    'A change that worked between two failures (edit, then test again) ends a loop, and so does a different call after a ' +
    `new user message. Waiting tools are left out. Retries of reads after growing pauses are allowed up to ${FAIL_AT_WITH_BACK_OFF - 1} failures.`,
  defaultThreshold: `${FAIL_AT} failed attempts`,
  threshold: 'failed attempts in a row that are an error',
  start: (context) => new RepairLoopObserver(context),
};

/** One tool that failed and has not worked since. */
interface Chain {
  readonly tool: string;
  readonly failAt: number;
  readonly origin: StepPlace;
  readonly retries: StepPlace[];
  /** Calls tried so far; undefined stands for calls whose arguments are not recorded. */
  readonly calls: Set<string | undefined>;
  readonly spending: Spending;
  /** Failed attempts, the original included. */
  failures: number;
  allEqual: boolean;
  /** A retry equal to an earlier attempt failed although the failure was a lasting one. */
  equalAfterLasting: boolean;
  lastTransient: boolean;
  /** Only transient failures of reads, with each pause longer than the one before. */
  backsOff: boolean;
  lastStart: number | undefined;
  lastPause: number;
  lastStep: number;
  version: number;
  worked: boolean;
  /** A user message came after the last attempt; only equal calls are still retries. */
  userSpoke: boolean;
}

class RepairLoopObserver implements Observer {
  readonly #open = new Map<string, Chain>();
  readonly #loops: Chain[] = [];
  readonly #progress: Progress;
  #actions = 0;
  #failures = 0;
  #repairs = 0;
  #firstRepair: { place: StepPlace; origin: StepPlace } | undefined;

  constructor(private readonly context: EvaluationContext) {
    this.#progress = new Progress(context);
  }

  step(step: Step): void {
    if (step.kind === 'user') for (const chain of this.#open.values()) chain.userSpoke = true;
    step.actions.forEach((action, i) => {
      this.#actions++;
      if (isPolling(action)) return;
      const place: StepPlace = { step: step.index, pointer: `/actions/${i}` };
      const key = `${branchOf(step)} ${subjectOf(action)}`;
      const fails = failed(action);
      const chain = this.#chainFor(key, callKey(action));
      if (chain !== undefined && chain.lastStep !== step.index) this.#repair(chain, step, action, place, fails);
      else if (chain === undefined && fails) this.#open.set(key, this.#begin(step, action, place));
      if (fails) this.#failures++;
      else if (chain !== undefined) this.#close(key, chain);
      this.#progress.note(action);
    });
  }

  /** The open chain of a tool. It is over when something changed, or when the user spoke and the call is a new one. */
  #chainFor(key: string, call: string | undefined): Chain | undefined {
    const chain = this.#open.get(key);
    if (chain === undefined) return undefined;
    const informed = chain.userSpoke && (call === undefined || !chain.calls.has(call));
    if (chain.version === this.#progress.version && !informed) return chain;
    this.#close(key, chain);
    return undefined;
  }

  #begin(step: Step, action: Action, place: StepPlace): Chain {
    return {
      tool: nameOf(action),
      failAt: this.context.threshold(repairLoop.id, FAIL_AT),
      origin: place,
      retries: [],
      calls: new Set([callKey(action)]),
      spending: new Spending(),
      failures: 1,
      allEqual: action.argumentsRecorded,
      equalAfterLasting: false,
      lastTransient: isTransient(action),
      backsOff: isTransient(action) && this.context.effectOf(action) === 'read',
      lastStart: action.startTime ?? step.startTime,
      lastPause: 0,
      lastStep: step.index,
      version: this.#progress.version,
      worked: false,
      userSpoke: false,
    };
  }

  #repair(chain: Chain, step: Step, action: Action, place: StepPlace, fails: boolean): void {
    this.#repairs++;
    this.#firstRepair ??= { place, origin: chain.origin };
    chain.retries.push(place);
    chain.spending.add(step);
    chain.lastStep = step.index;
    const call = callKey(action);
    const equal = call !== undefined && chain.calls.has(call);
    chain.allEqual &&= equal;
    if (!fails) {
      chain.worked = true;
      return;
    }
    chain.failures++;
    if (equal && !chain.lastTransient) chain.equalAfterLasting = true;
    chain.calls.add(call);
    const start = action.startTime ?? step.startTime;
    const pause = start !== undefined && chain.lastStart !== undefined ? start - chain.lastStart : undefined;
    chain.lastTransient = isTransient(action);
    chain.backsOff &&= chain.lastTransient && pause !== undefined && pause > chain.lastPause;
    chain.lastPause = pause ?? 0;
    chain.lastStart = start;
  }

  #close(key: string, chain: Chain): void {
    this.#open.delete(key);
    if (chain.failures >= limitOf(chain) || chain.equalAfterLasting) this.#loops.push(chain);
  }

  #closeAll(): void {
    for (const [key, chain] of this.#open) this.#close(key, chain);
  }

  finish(): Conclusion {
    this.#closeAll();
    if (this.#failures === 0) return { status: 'na', score: null, reason: 'No action failed.', findings: [] };
    const findings = this.#loops.map(findingOf).sort((a, b) => a.step - b.step);
    const share = this.#shareFinding();
    if (share !== undefined && !findings.some((f) => f.severity === 'error')) findings.push(share);
    const fails = findings.some((f) => f.severity === 'error');
    const [first] = findings;
    return {
      status: fails ? 'fail' : findings.length > 0 ? 'warn' : 'pass',
      score: 1 - this.#repairs / Math.max(this.#actions, 1),
      reason:
        first === undefined
          ? `${counted(this.#failures, 'action')} failed, ${counted(this.#repairs, 'repair')}, no loop.`
          : (findings.find((f) => f.severity === 'error') ?? first).message,
      findings,
    };
  }

  #shareFinding(): Finding | undefined {
    if (this.#repairs <= Math.max(REPAIRS_ALLOWED, REPAIR_SHARE_ALLOWED * this.#actions)) return undefined;
    if (this.#firstRepair === undefined) return undefined;
    const { place, origin } = this.#firstRepair;
    return {
      step: place.step,
      pointer: place.pointer ?? '',
      message: `${this.#repairs} of ${counted(this.#actions, 'action')} only repair failed calls; the first of them is here.`,
      evidence: [origin],
      confidence: 'heuristic',
      severity: 'error',
    };
  }
}

/** What a repair shares with the failed call: the tool, and for generic tools the element or the program. */
function subjectOf(action: Action): string {
  const element = action.target?.element;
  if (element !== undefined) return `${action.tool} ${element}`;
  return `${action.tool} ${programOf(action) ?? ''}`;
}

function limitOf(chain: Chain): number {
  return chain.backsOff ? Math.max(FAIL_AT_WITH_BACK_OFF, chain.failAt) : chain.failAt;
}

function findingOf(chain: Chain): Finding {
  const [first = chain.origin] = chain.retries;
  const enough = chain.failures >= limitOf(chain);
  const fails = enough && (chain.allEqual || !chain.worked);
  const how = chain.allEqual ? 'with the same arguments' : 'in other ways';
  const end = chain.worked ? 'before it worked' : 'and it never worked';
  const spent = chain.spending.toText();
  return {
    step: first.step,
    pointer: first.pointer ?? '',
    message:
      `After ${chain.tool} failed it was tried again ${chain.retries.length === 1 ? 'once' : counted(chain.retries.length, 'time')} ${how} ${end}` +
      `${spent === undefined ? '' : `; the retries took ${spent}`}.`,
    evidence: [chain.origin, ...chain.retries.slice(1, 20)],
    expected: 'another approach, or an end, after the failure',
    actual: counted(chain.failures, 'failed attempt'),
    confidence: chain.allEqual ? 'likely' : 'heuristic',
    severity: fails ? 'error' : 'warning',
  };
}
