import { expect, it } from 'vitest';
import { makeRun, type StepSketch } from '../../../../test/support/makeRun.ts';
import { durationText, quoted, Spending } from './say.ts';

const spent = (...sketches: StepSketch[]) => {
  const spending = new Spending();
  for (const step of makeRun(sketches).steps) spending.add(step);
  return spending.toText();
};

it('sums tokens, cost and time, and says nothing of what no step records', () => {
  expect(spent({ tokens: 1000, cost: 0.02, startTime: 0, endTime: 4000 }, { tokens: 234 })).toBe(
    '1,234 tokens, $0.02, 4 s',
  );
  expect(spent({ calls: [{ tool: 'a', observation: { content: [], duration: 350 } }] })).toBe('350 ms');
  expect(spent({ says: 'x' })).toBeUndefined();
});

it('says durations as people do', () => {
  expect([0.4, 999, 1000, 65_432, 600_000].map(durationText)).toEqual(['0 ms', '999 ms', '1 s', '65.4 s', '10 min']);
});

it('quotes in one line', () => {
  expect(quoted('a\n  b')).toBe('"a b"');
  expect(quoted('x'.repeat(100), 10)).toBe(`"${'x'.repeat(9)}…"`);
});
