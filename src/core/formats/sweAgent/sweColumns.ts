import type { Columns } from '../format.ts';
import { ERROR_TEXT_SPAN } from '../shared/errorText.ts';

/** Enough to tell which entry of the history a step is. */
const ACTION = 2000;

/** Columns of a trajectory's step. The prompt, which every step repeats, is never picked. */
export const STEP_COLUMNS: Columns = {
  action: { path: ['action'], kind: 'text', max: ACTION },
  thought: { path: ['thought'], kind: 'text' },
  response: { path: ['response'], kind: 'text' },
  observation: { path: ['observation'], kind: 'text', max: ERROR_TEXT_SPAN },
  observationEnd: { path: ['observation'], kind: 'text', max: ERROR_TEXT_SPAN, keep: 'end' },
  seconds: { path: ['execution_time'], kind: 'number' },
};

/** Columns of a message of the history. */
export const MESSAGE_COLUMNS: Columns = {
  role: { path: ['role'], kind: 'text' },
  agent: { path: ['agent'], kind: 'text' },
  isDemo: { path: ['is_demo'], kind: 'flag' },
  action: { path: ['action'], kind: 'text', max: ACTION },
  content: { path: ['content'], kind: 'text', max: 16_000 },
  texts: { path: ['content', '*', 'text'], kind: 'text', max: 16_000 },
  callNames: { path: ['tool_calls', '*', 'function', 'name'], kind: 'text', aligned: true },
};
