import type { StepRow } from '../trace/model.ts';

/** The rows that a move needs to look at. `at` answers undefined outside the run. */
export interface Rows {
  readonly length: number;
  at(index: number): StepRow | undefined;
}

/** Where a move leads: a step of this run, the first step of a sub-agent's run, or nowhere (the run ends here). */
export type Move =
  | { readonly to: 'step'; readonly step: number }
  | { readonly to: 'run'; readonly run: string }
  | { readonly to: 'parent-run' }
  | { readonly to: 'nowhere' };

const NOWHERE: Move = { to: 'nowhere' };

/** Over: the next step that is not inside this one. */
export function over(rows: Rows, from: number): Move {
  const row = rows.at(from);
  if (row === undefined) return NOWHERE;
  return step(rows, row.end);
}

/** Into: the first step inside this one, or the sub-agent's run that it started; over when there is neither. */
export function into(rows: Rows, from: number): Move {
  const row = rows.at(from);
  if (row === undefined) return NOWHERE;
  if (row.end > from + 1) return step(rows, from + 1);
  const [child] = row.childRuns;
  return child === undefined ? over(rows, from) : { to: 'run', run: child };
}

/** Out: the step that this one is nested under; from the outermost level, the step that started this run. */
export function out(rows: Rows, from: number): Move {
  const row = rows.at(from);
  if (row === undefined) return NOWHERE;
  return row.parent >= 0 ? { to: 'step', step: row.parent } : { to: 'parent-run' };
}

/** Back: the reverse of over. The step before this one at its own level, else the one that it is nested under. */
export function back(rows: Rows, from: number): Move {
  const here = rows.at(from);
  if (here === undefined || from === 0) return NOWHERE;
  let before = from - 1;
  for (let row = rows.at(before); row !== undefined && row.depth > here.depth; row = rows.at(before))
    before = row.parent;
  return step(rows, before);
}

/** The next step in the list, whatever its depth. */
export function next(rows: Rows, from: number): Move {
  return step(rows, from + 1);
}

/** The step before in the list, whatever its depth. */
export function previous(rows: Rows, from: number): Move {
  return step(rows, from - 1);
}

function step(rows: Rows, index: number): Move {
  return index >= 0 && index < rows.length ? { to: 'step', step: index } : NOWHERE;
}
