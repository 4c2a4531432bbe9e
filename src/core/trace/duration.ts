import type { Action } from './model.ts';

/** What lies between a start and an end, in ms; undefined when one is not recorded, or they stand the wrong way round. */
export function durationBetween(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

/** How long an action took, in ms: as recorded, else from its start to its end. */
export function actionDuration({ observation, startTime, endTime }: Action): number | undefined {
  return observation?.duration ?? durationBetween(startTime, endTime);
}
