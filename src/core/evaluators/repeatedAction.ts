import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { callKey, observationDigest } from './shared/actions.ts';
import { branchOf } from './shared/branch.ts';
import { type CallOutline, nearlyEqual, outlineOf } from './shared/nearlyEqual.ts';
import { Progress } from './shared/progress.ts';
import { Remade, type RemadeFile } from './shared/remade.ts';
import { Repeats } from './shared/repeats.ts';
import { quoted } from './shared/say.ts';
import { isPolling, nameOf } from './shared/toolKinds.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

const WARN_AT = 2;
const FAIL_AT = 3;
/** To make a file anew once or twice is how one corrects it. */
const REMADE_AT = 3;

/** The same call again with the same answer; also counts all repeated actions of the run. */
export const repeatedAction: Evaluator = {
  id: 'loop.repeated-action',
  title: 'Repeated action',
  summary: 'The same call again, with the same answer and nothing changed in between.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'Warns when the same tool is called a second time with the same arguments, and fails at the third time, while it ' +
    'gives the same answer and nothing was changed in between. A call right after the first that differs only in how it ' +
    'was written (a number as text, an argument renamed or left out) counts as a repeat, but never as an error. A file that is removed and at once written anew for the third time is a warning too. The reason gives the repeated action count: the actions ' +
    'whose tool and arguments occurred before in the same branch, whatever lay between.',
  notApplicable: 'The run has fewer than two actions with recorded arguments.',
  falsePositives:
    'Waiting, status, clock and screenshot tools, calls without arguments and clicks of which nothing came back are not reported. A next page has another ' +
    'cursor or another answer and is no repeat. A user who asks to look again makes an equal call right.',
  defaultThreshold: `warns at ${WARN_AT}, fails at ${FAIL_AT}`,
  threshold: 'the equal call that is an error; those from the second on are a warning',
  start: (context) => new RepeatedActionObserver(context),
};

/** A call and how often it gave the same answer with nothing changed in between. */
interface Streak {
  answer: string;
  version: number;
  places: StepPlace[];
  /** Whether every call was the same to the letter. */
  exact: boolean;
  /** Whether the trace holds what the calls answered. */
  readonly answered: boolean;
}

class RepeatedActionObserver implements Observer {
  readonly #streaks = new Map<string, Streak>();
  /** Streaks of two and more, in the order in which they became one. */
  readonly #repeats: { tool: string; streak: Streak }[] = [];
  /** The last call of each branch: one that is nearly the same right after it goes on with its streak. */
  readonly #last = new Map<string, { key: string; outline: CallOutline }>();
  readonly #progress: Progress;
  readonly #failAt: number;
  readonly #counts = new Repeats();
  readonly #remade: Remade;

  constructor(context: EvaluationContext) {
    this.#remade = new Remade(context);
    this.#progress = new Progress(context);
    this.#failAt = context.threshold(repeatedAction.id, FAIL_AT);
  }

  step(step: Step): void {
    this.#counts.add(step);
    const here = new Set<string>();
    step.actions.forEach((action, i) => {
      this.#remade.note(branchOf(step), action, { step: step.index, pointer: `/actions/${i}` });
      const before = this.#progress.version;
      const after = this.#progress.note(action);
      const call = callKey(action);
      if (call === undefined) return;
      const branch = branchOf(step);
      const own = `${branch} ${call}`;
      if (here.has(own)) return; // The same call twice in one decision is fan-out.
      const outline = outlineOf(action);
      const last = here.size === 0 ? this.#last.get(branch) : undefined;
      const near = last !== undefined && last.key !== own && nearlyEqual(last.outline, outline);
      here.add(own);
      const key = near && last !== undefined ? last.key : own;
      this.#last.set(branch, { key, outline });
      this.#note(key, action, { step: step.index, pointer: `/actions/${i}` }, before, after, !near);
    });
  }

  #note(key: string, action: Action, place: StepPlace, before: number, after: number, exact: boolean): void {
    // Nobody knows whether a screen that is not recorded was the same: a "+" is clicked three times to have three.
    if (action.observation === undefined && action.target !== undefined) return;
    const answer = observationDigest(action);
    const streak = this.#streaks.get(key);
    const goesOn = streak !== undefined && streak.answer === answer && streak.version === before;
    if (!goesOn) {
      this.#streaks.set(key, {
        answer,
        version: after,
        places: [place],
        exact: true,
        answered: action.observation !== undefined,
      });
      return;
    }
    streak.version = after;
    streak.places.push(place);
    streak.exact &&= exact;
    const empty = Object.keys(action.arguments).length === 0 && action.target === undefined;
    if (streak.places.length === WARN_AT && !empty && !isPolling(action)) {
      this.#repeats.push({ tool: nameOf(action), streak });
    }
  }

  finish(): Conclusion {
    const { actions, count: repeated } = this.#counts;
    if (actions < 2) {
      const reason = 'The run has fewer than two actions with recorded arguments.';
      return { status: 'na', score: null, reason, findings: [] };
    }
    const again = this.#repeats.map(({ tool, streak }) => findingOf(tool, streak, this.#failAt));
    const remade = this.#remade.atLeast(REMADE_AT).map(findingOfRemade);
    const findings = [...again, ...remade].sort((a, b) => a.step - b.step);
    const count = `${repeated} of ${counted(actions, 'action')} ${repeated === 1 ? 'repeats' : 'repeat'} an earlier one`;
    const status = findings.some((f) => f.severity === 'error') ? 'fail' : findings.length > 0 ? 'warn' : 'pass';
    const idle = again.length > 0 ? `; ${counted(again.length, 'call')} made again for the same answer` : '';
    const anew =
      remade.length > 0 ? `; ${counted(remade.length, 'file')} removed and written anew again and again` : '';
    return { status, score: 1 - repeated / actions, reason: `${count}${idle}${anew}.`, findings };
  }
}

function findingOf(tool: string, { places, exact, answered }: Streak, failAt: number): Finding {
  const fails = exact && places.length >= failAt;
  const crossing = places[(fails ? Math.max(failAt, WARN_AT) : WARN_AT) - 1] ?? { step: 0 };
  return {
    step: crossing.step,
    pointer: crossing.pointer ?? '',
    message:
      `${tool} was called ${counted(places.length, 'time')} with ${exact ? 'the same' : 'nearly the same'} arguments` +
      `${answered ? ' and gave the same answer each time' : ''}, with nothing changed in between${answered ? '' : '; what it answered is not recorded'}.`,
    evidence: places.filter((place) => place !== crossing).slice(0, 20),
    expected: 'another call, or an end',
    actual: `${counted(places.length, exact ? 'equal call' : 'nearly equal call')}`,
    confidence: fails ? 'likely' : 'heuristic',
    severity: fails ? 'error' : 'warning',
  };
}

/** Points at the time from which on it is a loop; those before were corrections. */
function findingOfRemade({ path, times }: RemadeFile): Finding {
  const loop = times.slice(REMADE_AT - 1).flatMap(({ removed, written }) => [removed, written]);
  const [first = { step: 0 }, ...others] = loop;
  return {
    step: first.step,
    pointer: first.pointer ?? '',
    message: `${quoted(path)} was removed and at once written anew ${counted(times.length, 'time')}.`,
    evidence: others.slice(0, 20),
    expected: 'an edit of the file, or another way',
    actual: `made anew ${counted(times.length, 'time')}`,
    confidence: 'heuristic',
    severity: 'warning',
  };
}
