import { expect, it } from 'vitest';
import { type CallSketch, makeRun } from '../../../../test/support/makeRun.ts';
import { contextFor } from '../context.ts';
import { Progress } from './progress.ts';

const versionAfter = (...calls: CallSketch[]) => {
  const { run, steps } = makeRun([{ calls }]);
  const progress = new Progress(contextFor(run));
  for (const action of steps[0]?.actions ?? []) progress.note(action);
  return progress.version;
};

it('moves with writes that worked, and with new calls of unknown effect', () => {
  expect(versionAfter({ tool: 'get_order', returns: 'x' })).toBe(0);
  expect(versionAfter({ tool: 'update_order', returns: 'x' })).toBe(1);
  expect(versionAfter({ tool: 'update_order', fails: 'no' })).toBe(0);
  expect(versionAfter({ tool: 'frobnicate', returns: 'x' }, { tool: 'frobnicate', returns: 'x' })).toBe(1);
  expect(versionAfter({ tool: 'frobnicate', with: { a: 1 }, returns: 'x' }, { tool: 'frobnicate', returns: 'x' })).toBe(
    2,
  );
});
