import { failed, observationText } from '../../evaluators/shared/actions.ts';
import { quoted } from '../../evaluators/shared/say.ts';
import { stepName } from '../../evaluators/shared/wording.ts';
import type { Step } from '../../trace/model.ts';
import type { Sign, Signal, SignalObserver } from './signal.ts';
import { codeIn, ends, isAgents, runsOthersCode, spoken } from './speech.ts';

const FIRST = 0.5;
const LATER = 0.25;

/** Code that another agent ran, and that failed. */
export const codeFailed: Signal = {
  id: 'sign.code-failed',
  title: 'Code that failed when another agent ran it',
  definition:
    'In a team where one agent writes code and another runs it, the error stands in the step of the one who ran it. ' +
    'The step to fix is the one that wrote the code. The first such step weighs most: later ones mostly try to repair it.',
  start: () => new CodeFailedObserver(),
};

class CodeFailedObserver implements SignalObserver {
  /** The last step since a run in which somebody wrote code; that is what is run next. */
  #author: number | undefined;
  readonly #signs: Sign[] = [];

  step(step: Step): void {
    if (!isAgents(step)) return;
    if (!runsOthersCode(step)) {
      if (step.label !== 'thought' && codeIn(spoken(step)).length > 0) this.#author = step.index;
      return;
    }
    const author = this.#author;
    this.#author = undefined;
    const error = step.actions.map(errorOf).find((line) => line !== undefined);
    if (error === undefined || author === undefined) return;
    this.#signs.push({
      step: author,
      shownAt: step.index,
      weight: this.#signs.length === 0 ? FIRST : LATER,
      reason: `The code written here failed when it was run in ${stepName(step.index)}: ${quoted(error)}.`,
    });
  }

  finish(): readonly Sign[] {
    return this.#signs;
  }
}

const ERROR_LINE =
  /^[ \t]*(?:[\w.]*(?:Error|Exception)\b[^\n]*|error:[^\n]*|curl: \(\d+\)[^\n]*|[^\n]*command not found)/im;

/** The line that tells the error, or the last line of what a failed program wrote. */
function errorOf(action: Step['actions'][number]): string | undefined {
  const text = ends(observationText(action));
  const line = ERROR_LINE.exec(text)?.[0].trim();
  if (line !== undefined) return line;
  return failed(action) ? (text.trim().split('\n').at(-1) ?? '') : undefined;
}
