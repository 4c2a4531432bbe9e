import { expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { observationText } from './compareCalls.ts';

const { steps } = makeRun([
  { calls: [{ tool: 'get', returns: '{"a":1,"b":[2]}' }] },
  { calls: [{ tool: 'get', returns: 'not {json}' }] },
  { calls: [{ tool: 'get' }] },
]);

it.each([
  [0, '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}'],
  [1, 'not {json}'],
  [2, ''],
])('observationText of step %i', (step, text) => {
  expect(observationText(steps[step]?.actions[0])).toBe(text);
});
