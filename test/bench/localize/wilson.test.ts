import { expect, it } from 'vitest';
import { areaUnderCurve, shareText, wilson } from './wilson.ts';

it('gives the interval of known shares', () => {
  expect(wilson(5, 10).low).toBeCloseTo(0.237, 3);
  expect(wilson(5, 10).high).toBeCloseTo(0.763, 3);
  expect(wilson(0, 20).low).toBe(0);
  expect(wilson(0, 20).high).toBeCloseTo(0.161, 3);
  expect(shareText(5, 10)).toBe('50.0 % of 10 (24–76)');
  expect(shareText(0, 0)).toBe('–');
});

it('counts ties for half', () => {
  const item = (score: number, failed: boolean) => ({ score, failed });
  expect(areaUnderCurve([item(1, true), item(0, false)]).area).toBe(1);
  expect(areaUnderCurve([item(1, true), item(1, false)]).area).toBe(0.5);
  expect(areaUnderCurve([item(1, true), item(2, true), item(0, false), item(2, false)]).area).toBe(0.625);
});
