import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { layoutBySteps, layoutByTime, stepAt, toValue, toX } from './timelineScale.ts';

const { steps } = makeRun([
  { user: 'Go', startTime: 1000, endTime: 1000 },
  { calls: [{ tool: 'task' }], agent: 'main', startTime: 1000, endTime: 5000 },
  { calls: [{ tool: 'bash' }], agent: 'helper', depth: 1, startTime: 2000, endTime: 3000 },
  { final: 'Done', agent: 'main', startTime: 5000, endTime: 6000 },
]);

describe('timeline', () => {
  it('gives each agent a lane', () => {
    const data = layoutBySteps(steps, steps.length);
    expect(data.lanes).toEqual(['agent', 'main', 'helper']);
    expect(data.steps.map((step) => [step.lane, step.start, step.tone])).toEqual([
      [0, 0, 'user'],
      [1, 1, 'action'],
      [2, 2, 'action'],
      [0, 3, 'final'],
    ]);
  });

  it('lays out by time from the first step on', () => {
    const data = layoutByTime(steps);
    expect(data?.domain).toBe(5000);
    expect(data?.steps.map((step) => [step.start, step.end])).toEqual([
      [0, 0],
      [0, 4000],
      [1000, 2000],
      [4000, 5000],
    ]);
  });

  it('has no time layout where no times are recorded', () => {
    expect(layoutByTime(makeRun([{ user: 'a' }, { final: 'b' }]).steps)).toBeUndefined();
  });

  it('finds the innermost step at a place', () => {
    const data = layoutByTime(steps);
    if (data === undefined) throw new Error('no times');
    expect([stepAt(data, 1500, undefined), stepAt(data, 3500, undefined), stepAt(data, 4900, undefined)]).toEqual([
      2, 1, 3,
    ]);
    expect(stepAt(data, 1500, 1)).toBe(1);
  });

  it('goes from value to pixel and back', () => {
    const zoom = { from: 10, to: 20 };
    expect([toX(15, zoom, 200), toValue(100, zoom, 200)]).toEqual([100, 15]);
  });
});
