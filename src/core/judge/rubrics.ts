import type { Rubric } from './rubric.ts';
import { actionSafety } from './rubrics/actionSafety.ts';
import { taskCompletion } from './rubrics/taskCompletion.ts';
import { toolSelection } from './rubrics/toolSelection.ts';

/** Every rubric, in the order in which people read the verdicts. A new one is one file, and one line here. */
export const RUBRICS: readonly Rubric[] = [toolSelection, taskCompletion, actionSafety];
