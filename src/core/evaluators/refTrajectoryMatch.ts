import type { Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { OrderMode, Reference } from './reference.ts';
import { type Decision, ReferenceMatch } from './referenceMatch.ts';
import { notApplicable, statusOf } from './shared/conclude.ts';
import { NoReference } from './shared/noReference.ts';
import { counted, stepName } from './shared/wording.ts';
import type { Finding } from './verdict.ts';

/** The calls of a run against those of a reference: which, in which order, with which arguments. */
export const refTrajectoryMatch: Evaluator = {
  id: 'ref.trajectory-match',
  title: 'Trajectory match',
  summary: 'Where the run first leaves the way of its reference: another call, another argument, another order.',
  level: 'run',
  severity: 'error',
  needs: ['a reference'],
  definition:
    'Compares the calls that worked with those that a reference expects: the calls that the trace itself says should have ' +
    'been made, another run, a fixture, or a list. Modes: `strict` (the same calls in the same order), `in-order` (all ' +
    'expected ones in their order, others between them), `any-order` (the same calls in whatever order), `subset` (none ' +
    'but expected ones), `superset` (all expected ones, others besides). Arguments are compared for each tool as `facts` ' +
    '(equal, but for what a model words by itself), `exact`, `ignore`, `subset` or `superset`. The first divergence is the finding: an error when something is changed by it, a ' +
    'warning when both sides only read. The reason gives precision, recall and F1.',
  notApplicable: 'There is no reference, or it expects no call.',
  falsePositives:
    'Another way to the same end: reads that the reference lists and the run could do without, arguments in other words. ' +
    'Two right calls in another order, unless the mode is `any-order` or `superset`.',
  defaultThreshold: 'in-order, facts, all expected calls',
  start: (context) =>
    context.reference === undefined ? new NoReference() : new TrajectoryMatchObserver(context.reference, context),
};

class TrajectoryMatchObserver implements Observer {
  readonly #match: ReferenceMatch;

  constructor(
    private readonly reference: Reference,
    context: EvaluationContext,
  ) {
    this.#match = new ReferenceMatch(reference, context);
  }

  step(step: Step): void {
    this.#match.step(step);
  }

  finish(): Conclusion {
    const { order, from, calls } = this.reference;
    const { log, expected } = this.#match;
    if (
      calls.length === 0 &&
      (this.reference.forbidden ?? []).length === 0 &&
      (order === 'in-order' || order === 'superset')
    ) {
      return notApplicable(`There is nothing to follow: no call is named by ${from}.`);
    }
    const decisions = this.#decisions(order);
    const right = decisions.filter(({ kind }) => kind === 'right').length;
    const [wanted, made] = [expected.wanted.length, log.calls.length];
    const precision = made === 0 ? (wanted === 0 ? 1 : 0) : right / made;
    const recall = wanted === 0 ? 1 : right / wanted;
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    const forbidden = this.#match.forbidden();
    const wrong = [...decisions.filter((decision) => breaks(decision, order)), ...forbidden];
    const findings = this.#match.findings(wrong);
    const broken = wrong.length > 0;
    const score = !broken ? 1 : forbidden.length > 0 ? 0 : scoreOf(order, { precision, recall, f1 });
    const figures = `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, F1 ${f1.toFixed(2)}`;
    const was = wanted === 1 ? 'was' : 'were';
    const [first] = findings;
    const reason =
      `Against ${from} (${order}): ${right} of ${counted(wanted, 'expected call')} ${was} made (${figures}).` +
      (first === undefined ? '' : ` First divergence at ${stepName(first.step)}: ${first.message}`);
    const status = !broken ? 'pass' : findings.length === 0 ? 'fail' : statusOf(findings);
    return { status, score, reason, findings: firstDivergence(findings) };
  }

  #decisions(order: OrderMode): Decision[] {
    if (order === 'strict' || order === 'in-order') return this.#match.ordered(order === 'strict');
    return this.#match.unordered();
  }
}

function breaks({ kind }: Decision, order: OrderMode): boolean {
  if (kind === 'right') return false;
  if (kind === 'unexpected') return order !== 'in-order' && order !== 'superset';
  return kind !== 'missing' || order !== 'subset';
}

function scoreOf(
  order: OrderMode,
  { precision, recall, f1 }: { precision: number; recall: number; f1: number },
): number {
  if (order === 'subset') return precision;
  return order === 'in-order' || order === 'superset' ? recall : f1;
}

/** The first divergence with the others as its evidence; and the first that does harm, when that is another. */
function firstDivergence(findings: readonly Finding[]): Finding[] {
  const [first] = findings;
  if (first === undefined) return [];
  const grave = findings.find(({ severity }) => severity === 'error');
  const shown = grave === undefined || grave === first ? [first] : [first, grave];
  const rest = findings.filter((finding) => !shown.includes(finding)).slice(0, 20);
  const evidence = [...first.evidence, ...rest.map(({ step, pointer }) => ({ step, pointer }))];
  return [{ ...first, evidence }, ...shown.slice(1)];
}
