import type { Finding, Suspect, Verdict } from '../evaluators/verdict.ts';
import type { Run } from '../trace/model.ts';
import { Repairs } from './repairs.ts';
import type { SignedSign } from './signals/all.ts';
import { planDropped } from './signals/planDropped.ts';
import { weightOf } from './weights.ts';

/** What speaks for one step. */
interface Evidence {
  readonly step: number;
  readonly evaluator: string;
  readonly reason: string;
  readonly weight: number;
  /** The finding points at this step; else only its evidence does. */
  readonly own: boolean;
}

/** Findings that are not told to be a fault of a run below this score; runs that went wrong have a lower bar. */
const LOWEST = 0.3;
const LOWEST_OF_FAILED = 0.15;
const MOST = 10;

/** A call whose error was repaired later, and a step that only goes on with a loop, are seldom the cause. */
const REPAIRED = 0.25;
const LATER_IN_LOOP = 0.3;
/** Of a loop, the failure that started it is half of the story; of a false claim, the action that failed nearly all. */
const START_OF_LOOP = 0.5;
const FAILED_BEHIND_CLAIM = 1;
/** That the end state is not the expected one is, after a call that failed for good, mostly its consequence. */
const CONSEQUENCE = 0.5;
/** What a finding at the end of a run loses against one at its start. */
const LATENESS = 0.1;
/** After the plan was dropped a run goes on from what had gone wrong before. */
const AFTER_SETBACK = 0.5;
/** A run that passed can have broken a rule, but nothing else in it is worth a look. */
const IN_PASSED_RUN = 0.5;

/**
 * The steps that are most likely where the run went wrong, most suspect first, from the findings of its evaluators (and
 * roll-ups, when given) and from signs. Empty when nothing weighs enough: a good run has no suspect, and none is guessed. Of
 * a run that is known to have gone wrong weak evidence is shown too, and called weak.
 *
 * A finding counts by its evaluator, severity and confidence; less when its error was repaired later, when it only
 * continues a loop, or when it stands late; findings at one step add up, as `1 - (1 - a)(1 - b)`. Scores are in [0, 1]
 * and serve for ranking only. The reason is the sentence of the gravest finding at the step.
 */
export function suspects(run: Run, verdicts: readonly Verdict[], signs: readonly SignedSign[] = []): Suspect[] {
  const repairs = new Repairs(run);
  const authors = new Map(signs.flatMap(({ step, shownAt }) => (shownAt === undefined ? [] : [[shownAt, step]])));
  const dropped = signs.find(({ signal }) => signal === planDropped.id)?.step ?? run.steps.length;
  const found = verdicts.flatMap((verdict) => evidenceOf(run, verdict, repairs));
  const evidence = [
    ...found.flatMap((one) => madeBy(authors, one)),
    ...signs.flatMap((sign) => evidenceOfSign(run, sign, dropped)),
  ];
  const inLoops = continuations(verdicts);
  const firstFailure = lastingFailure(verdicts, repairs);
  const steps = new Map<number, Evidence[]>();
  for (const one of distinct(evidence)) {
    const follows = one.evaluator === 'TaskCompletion' && one.step > firstFailure;
    const factor = (inLoops.has(one.step) ? LATER_IN_LOOP : 1) * (follows ? CONSEQUENCE : 1);
    const weight = one.weight * factor * (1 - LATENESS * position(run, one.step));
    steps.set(one.step, [...(steps.get(one.step) ?? []), { ...one, weight }]);
  }
  const lowest = wentWrong(run) ? LOWEST_OF_FAILED : LOWEST;
  return [...steps]
    .map(([step, all]) => suspectOf(step, all))
    .filter(({ score }) => score >= lowest)
    .sort((a, b) => b.score - a.score || a.step - b.step)
    .slice(0, MOST);
}

function wentWrong(run: Run): boolean {
  if (run.outcome?.status === 'passed') return false;
  return run.outcome?.status === 'failed' || run.ended === 'limit' || run.ended === 'crash';
}

function evidenceOf(run: Run, { evaluator, status, findings }: Verdict, repairs: Repairs): Evidence[] {
  if (status === 'na' || status === 'error') return [];
  return findings.flatMap((finding) => {
    const factor = outcomeFactor(run, finding, evaluator) * (mends(evaluator) && repairs.has(finding) ? REPAIRED : 1);
    const weight = weightOf(evaluator, finding) * factor;
    const reason = finding.message;
    return [
      { step: finding.step, evaluator, reason, weight, own: true },
      ...causesOf(evaluator, finding).map(({ step, share }) => ({
        step,
        evaluator,
        reason,
        weight: weight * share,
        own: false,
      })),
    ].filter((one) => one.weight > 0);
  });
}

/** What is wrong with what another step wrote is that one's fault; that it failed its sign says already. */
function madeBy(authors: ReadonlyMap<number, number>, one: Evidence): Evidence[] {
  const author = mends(one.evaluator) ? authors.get(one.step) : undefined;
  if (author === undefined) return [one];
  return one.evaluator === 'action.tool-failed' ? [] : [{ ...one, step: author, own: false }];
}

/** A run that passed has nothing to be explained; one whose plan was dropped was in trouble before that. */
function evidenceOfSign({ outcome }: Run, sign: SignedSign, dropped: number): Evidence[] {
  const { signal, step, reason } = sign;
  const weight = sign.weight * (step > dropped ? AFTER_SETBACK : 1);
  return outcome?.status === 'passed' ? [] : [{ step, evaluator: signal, reason, weight, own: true }];
}

/** Faults of a single call are mended by a later good one; a loop or a false claim is not. */
function mends(evaluator: string): boolean {
  return evaluator.startsWith('action.');
}

/** In a run that passed, only rules that were certainly broken still count; errors and loops on the way did no lasting harm. */
function outcomeFactor(run: Run, finding: Finding, evaluator: string): number {
  if (run.outcome?.status !== 'passed') return 1;
  const certain = finding.severity === 'error' && finding.confidence === 'certain';
  const brokeRule = certain && /^(safety|outcome)\./.test(evaluator);
  return brokeRule ? IN_PASSED_RUN : 0;
}

/** Steps that a finding's evidence names as its cause. */
function causesOf(evaluator: string, finding: Finding): { step: number; share: number }[] {
  if (evaluator === 'outcome.confident-failure') {
    const failed = finding.evidence.filter(({ step }) => step !== finding.step);
    return failed.map(({ step }) => ({ step, share: FAILED_BEHIND_CLAIM }));
  }
  if (evaluator === 'loop.repair-loop') {
    const [start] = finding.evidence;
    return start === undefined ? [] : [{ step: start.step, share: START_OF_LOOP }];
  }
  return [];
}

/** The steps by which loops went on after the step where they should have been left. */
function continuations(verdicts: readonly Verdict[]): Set<number> {
  const loops = verdicts.filter(({ evaluator }) => evaluator.startsWith('loop.')).flatMap(({ findings }) => findings);
  return new Set(loops.flatMap((f) => f.evidence.map(({ step }) => step).filter((step) => step > f.step)));
}

/** The first step with a call that is gravely at fault and was never repaired; after the end when there is none. */
function lastingFailure(verdicts: readonly Verdict[], repairs: Repairs): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { evaluator, findings } of verdicts) {
    if (!mends(evaluator)) continue;
    for (const f of findings) if (f.step < first && f.severity === 'error' && !repairs.has(f)) first = f.step;
  }
  return first;
}

/**
 * The weightiest evidence of each evaluator for each step: what one evaluator says twice of a step is no second witness,
 * and neither is a roll-up that repeats an evaluator's sentence.
 */
function distinct(evidence: readonly Evidence[]): Evidence[] {
  const byWeight = [...evidence].sort((a, b) => b.weight - a.weight);
  /** Evaluators and sentences of each step; neither is ever equal to one of the others. */
  const seen = new Map<number, Set<string>>();
  return byWeight.filter(({ step, evaluator, reason }) => {
    const here = seen.get(step) ?? new Set();
    seen.set(step, here);
    const known = here.has(evaluator) || here.has(reason);
    here.add(evaluator).add(reason);
    return !known;
  });
}

function position(run: Run, step: number): number {
  return step / Math.max(run.steps.length - 1, 1);
}

function suspectOf(step: number, all: readonly Evidence[]): Suspect {
  const byWeight = [...all].sort((a, b) => b.weight - a.weight);
  const score = 1 - all.reduce((left, { weight }) => left * (1 - weight), 1);
  const reason = (byWeight.find(({ own }) => own) ?? byWeight[0])?.reason ?? '';
  return {
    step,
    score: Math.round(score * 1000) / 1000,
    reason: score < LOWEST ? `Weak evidence, shown because the run failed: ${reason}` : reason,
    evaluators: [...new Set(byWeight.map(({ evaluator }) => evaluator))],
  };
}
