import { expect, it } from 'vitest';
import { areaUnderCurve, shareText } from './shares.ts';

it('writes a share with how many it is of, and its interval', () => {
  expect(shareText(5, 10)).toBe('50.0 % of 10 (24–76)');
  expect(shareText(0, 0)).toBe('–');
});

it('counts ties for half', () => {
  const item = (score: number, failed: boolean) => ({ score, failed });
  expect(areaUnderCurve([item(1, true), item(0, false)]).area).toBe(1);
  expect(areaUnderCurve([item(1, true), item(1, false)]).area).toBe(0.5);
  expect(areaUnderCurve([item(1, true), item(2, true), item(0, false), item(2, false)]).area).toBe(0.625);
});
