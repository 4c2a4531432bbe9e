import type { Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { Reference } from './reference.ts';
import { ReferenceMatch } from './referenceMatch.ts';
import { NoReference } from './shared/noReference.ts';
import { counted } from './shared/wording.ts';

const ID = 'ref.tool-selection';
const WARN_FROM = 0.8;

/** Whether the right tool was called at each decision that a reference knows the right tool of. */
export const refToolSelection: Evaluator = {
  id: ID,
  title: 'Tool selection',
  summary: 'Decisions at which another tool was called than the reference expects, or none.',
  level: 'step',
  severity: 'error',
  needs: ['a reference'],
  definition:
    'Lays the calls that worked beside those that the reference expects, and counts the decisions at which the right tool ' +
    'was called; a reference may name several right tools for one decision. A call that is missing, a tool called in the ' +
    'place of another and a change that the reference does not expect are wrong decisions; reads besides are not, and ' +
    'neither is another order. Arguments are not compared. A run without calls where some were expected has the score 0.',
  notApplicable: 'There is no reference.',
  falsePositives: 'A tool that does the same under another name, where the reference does not say so.',
  defaultThreshold: `all; below that a warning, under ${WARN_FROM} an error`,
  threshold: 'the lowest share of right tools that is no error',
  start: (context) =>
    context.reference === undefined ? new NoReference() : new ToolSelectionObserver(context.reference, context),
};

class ToolSelectionObserver implements Observer {
  readonly #match: ReferenceMatch;

  constructor(
    private readonly reference: Reference,
    private readonly context: EvaluationContext,
  ) {
    this.#match = new ReferenceMatch(reference, context);
  }

  step(step: Step): void {
    this.#match.step(step);
  }

  finish(): Conclusion {
    const decisions = this.#match.tools();
    const { from } = this.reference;
    if (decisions.length === 0) {
      const reason = `No call is expected by ${from}, and none changed anything.`;
      return { status: 'pass', score: 1, reason, findings: [] };
    }
    const right = decisions.filter(({ kind }) => kind === 'right').length;
    const score = right / decisions.length;
    const status = score === 1 ? 'pass' : score >= this.context.threshold(ID, WARN_FROM) ? 'warn' : 'fail';
    const left = namesOf(decisions.flatMap((one) => (one.kind === 'missing' ? [one.wanted.tool] : [])));
    const missing = left === '' ? '' : ` Not called: ${left}.`;
    const reason = `The right tool was called at ${right} of ${counted(decisions.length, 'decision')}, by ${from}.${missing}`;
    return { status, score, reason, findings: this.#match.findings(decisions) };
  }
}

const MOST_NAMES = 5;

/** Each name once, with how often where it is more than once: `get_order (2), find_user`. */
function namesOf(tools: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const tool of tools) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  const names = [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} (${count})`));
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}
