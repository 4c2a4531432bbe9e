import { expect, it } from 'vitest';
import { latencyOf } from './latency.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);

it('is the nearest rank of at least 100 durations, with where the true one lies', () => {
  expect(latencyOf(upTo(1000))).toEqual({ n: 1000, slowest: 1000, p99: { value: 990, low: 984, high: 997 } });
  expect(latencyOf(upTo(100))?.p99?.value).toBe(99);
});

it('is the slowest of fewer, and nothing of none', () => {
  expect(latencyOf(upTo(99))).toEqual({ n: 99, slowest: 99 });
  expect(latencyOf([])).toBeUndefined();
});
