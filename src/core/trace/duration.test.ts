import { expect, it } from 'vitest';
import { actionDuration } from './duration.ts';
import type { Action } from './model.ts';

const action: Action = { tool: 'a', arguments: {}, argumentsRecorded: true };

it('is what is recorded, else what lies between start and end, and never negative', () => {
  const timed = { ...action, startTime: 1000, endTime: 1250 };
  expect(actionDuration({ ...timed, observation: { content: [], duration: 40 } })).toBe(40);
  expect(actionDuration(timed)).toBe(250);
  expect(actionDuration({ ...timed, endTime: 5 })).toBeUndefined();
  expect(actionDuration(action)).toBeUndefined();
});
