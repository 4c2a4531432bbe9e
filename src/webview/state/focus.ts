/** Elements that commands put the focus on. */
export const STEP_TREE = 'step-tree';
export const STEP_PANE = 'step-pane';
export const FILTER_BOX = 'filter-box';
export const FIND_BOX = 'find-box';
export const TITLE_FIELD = 'test-title';

/** Focuses an element by id once what was just asked for is drawn. */
export function focusSoon(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
