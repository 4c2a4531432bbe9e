import type { Action, Step } from '../trace/model.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { callKey, observationDigest } from './shared/actions.ts';
import { branchOf } from './shared/branch.ts';
import { isPolling, nameOf } from './shared/toolKinds.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

const LAPS = 3;
const LONGEST_PERIOD = 5;
const FEWEST_ACTIONS = 6;

/** A short sequence of calls that goes round and round. */
export const cycle: Evaluator = {
  id: 'loop.cycle',
  title: 'Cycling steps',
  summary: 'A sequence of calls goes round three times.',
  level: 'run',
  severity: 'warning',
  needs: [],
  definition:
    `Warns when a sequence of 2 to ${LONGEST_PERIOD} calls comes ${LAPS} times in a row with the same arguments and the ` +
    `same answers, or when a step label (agent.trajectory.step) comes ${LAPS} times in a row with the same calls. Points ` +
    'at the start of the second lap.',
  notApplicable: `The run has fewer than ${FEWEST_ACTIONS} actions with recorded arguments.`,
  falsePositives:
    'Laps whose answers differ (paging with a "next" button, editing and testing) are progress and not reported. Waiting, ' +
    'status and screenshot tools are left out. A label alone says nothing: it is often the name of a graph node.',
  defaultThreshold: `${LAPS} laps`,
  threshold: 'laps in a row that are too many',
  start: (context) => new CycleObserver(Math.max(2, context.threshold(cycle.id, LAPS))),
};

interface Call extends StepPlace {
  readonly tool: string;
  /** Identity of call and answer. */
  readonly key: string;
}

interface Labelled {
  readonly label: string;
  readonly calls: string;
  readonly places: StepPlace[];
}

/** What is kept of one branch: its last calls, and the cycle that is going on. */
interface Branch {
  calls: Call[];
  open: { readonly period: number; readonly first: readonly Call[]; length: number } | undefined;
  labelled: Labelled | undefined;
}

class CycleObserver implements Observer {
  readonly #branches = new Map<string, Branch>();
  readonly #findings: Finding[] = [];
  #actions = 0;

  constructor(private readonly laps: number) {}

  step(step: Step): void {
    if (step.actions.length === 0) return;
    const name = branchOf(step);
    const branch = this.#branches.get(name) ?? { calls: [], open: undefined, labelled: undefined };
    this.#branches.set(name, branch);
    step.actions.forEach((action, i) => {
      this.#action(branch, step, action, i);
    });
    this.#label(branch, step);
  }

  #action(branch: Branch, step: Step, action: Action, i: number): void {
    const call = callKey(action);
    if (call === undefined) return;
    this.#actions++;
    if (isPolling(action)) return;
    const here: Call = {
      step: step.index,
      pointer: `/actions/${i}`,
      tool: nameOf(action),
      key: `${call} ${observationDigest(action)}`,
    };
    const { open, calls } = branch;
    calls.push(here);
    if (open !== undefined) {
      if (calls.at(-1 - open.period)?.key === here.key) open.length++;
      else this.#close(branch);
    }
    branch.open ??= startedCycle(calls, this.laps);
    if (calls.length > this.laps * LONGEST_PERIOD) calls.shift();
  }

  #label(branch: Branch, step: Step): void {
    const calls = step.actions.map((action) => callKey(action) ?? '').join(' ');
    const judged = step.label !== undefined && step.actions.every((action) => callKey(action) && !isPolling(action));
    const place: StepPlace = { step: step.index };
    const { labelled } = branch;
    if (judged && labelled !== undefined && labelled.label === step.label && labelled.calls === calls) {
      labelled.places.push(place);
      return;
    }
    this.#closeLabel(branch);
    if (judged) branch.labelled = { label: step.label, calls, places: [place] };
  }

  #close(branch: Branch): void {
    const { open } = branch;
    branch.open = undefined;
    if (open === undefined) return;
    const second = open.first[open.period];
    if (second === undefined) return;
    const names = open.first.slice(0, open.period).map((call) => call.tool);
    const laps = Math.floor(open.length / open.period);
    this.#findings.push({
      step: second.step,
      pointer: second.pointer ?? '',
      message: `${names.join(', ')} went round ${counted(laps, 'time')} with the same arguments and the same answers.`,
      evidence: open.first
        .filter((call) => call !== second)
        .map(({ step, pointer }) => ({ step, ...(pointer !== undefined && { pointer }) })),
      actual: counted(laps, 'lap'),
      confidence: 'likely',
      severity: 'warning',
    });
  }

  #closeLabel(branch: Branch): void {
    const { labelled } = branch;
    branch.labelled = undefined;
    const second = labelled?.places[1];
    if (labelled === undefined || second === undefined || labelled.places.length < this.laps) return;
    this.#findings.push({
      step: second.step,
      pointer: '',
      message: `The step "${labelled.label}" came ${counted(labelled.places.length, 'time')} in a row with the same arguments.`,
      evidence: labelled.places.filter((place) => place !== second).slice(0, 20),
      actual: counted(labelled.places.length, 'equal step'),
      confidence: 'likely',
      severity: 'warning',
    });
  }

  finish(): Conclusion {
    for (const branch of this.#branches.values()) {
      this.#close(branch);
      this.#closeLabel(branch);
    }
    const findings = this.#findings.sort((a, b) => a.step - b.step);
    if (this.#actions < FEWEST_ACTIONS && findings.length === 0) {
      const reason = `The run has fewer than ${FEWEST_ACTIONS} actions with recorded arguments.`;
      return { status: 'na', score: null, reason, findings };
    }
    const [first] = findings;
    return first === undefined
      ? { status: 'pass', score: 1, reason: `${counted(this.#actions, 'action')}, no cycle.`, findings }
      : { status: 'warn', score: 0, reason: first.message, findings };
  }
}

/** The cycle that the last call completed, if it did: the shortest period that fits, of at least two different calls. */
function startedCycle(calls: readonly Call[], laps: number): Branch['open'] {
  for (let period = 2; period <= LONGEST_PERIOD; period++) {
    const length = period * laps;
    if (calls.length < length) return undefined;
    const first = calls.slice(-length);
    const fits = first.every((call, i) => i < period || call.key === first[i - period]?.key);
    if (fits && first.some((call) => call.key !== first[0]?.key)) return { period, first, length };
  }
  return undefined;
}
