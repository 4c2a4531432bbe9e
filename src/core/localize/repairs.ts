import { wordsOfName } from '../evaluators/shared/toolNames.ts';
import type { Finding } from '../evaluators/verdict.ts';
import type { Run, StepRow } from '../trace/model.ts';

/**
 * Tells which failed calls of a run were repaired: the same agent later made the same tool work or, where nothing was to be
 * changed, a tool of the same kind (`find_user_by_email`, then `find_user_by_name`).
 */
export class Repairs {
  /** The last step in which an agent made a tool work. */
  readonly #lastSuccess = new Map<string, number>();
  /** The same of tools whose names begin alike. */
  readonly #lastOfKind = new Map<string, number>();

  constructor(private readonly run: Run) {
    for (const row of run.steps) {
      if (row.status !== 'ok') continue;
      for (const tool of row.tools) {
        this.#lastSuccess.set(keyOf(row, tool), row.index);
        this.#lastOfKind.set(keyOf(row, kindOf(tool)), row.index);
      }
    }
  }

  /** True when the call that a finding points at failed and was repaired: then the run did not go wrong by it. */
  has(finding: Finding): boolean {
    const row = this.run.steps.at(finding.step);
    if (row === undefined || (row.status !== 'error' && row.status !== 'suspect-error')) return false;
    const position = /^\/actions\/(\d+)/.exec(finding.pointer)?.[1];
    const tools = position === undefined ? row.tools : row.tools.slice(Number(position), Number(position) + 1);
    const changesNothing = finding.severity === 'warning';
    return (
      tools.length > 0 &&
      tools.every(
        (tool) =>
          (this.#lastSuccess.get(keyOf(row, tool)) ?? -1) > row.index ||
          (changesNothing && (this.#lastOfKind.get(keyOf(row, kindOf(tool))) ?? -1) > row.index),
      )
    );
  }
}

function keyOf({ parent, agent }: StepRow, tool: string): string {
  return `${parent}/${agent ?? ''}/${tool}`;
}

/** The first two words of a tool's name: what it does, and to what. */
function kindOf(tool: string): string {
  return wordsOfName(tool).slice(0, 2).join(' ');
}
