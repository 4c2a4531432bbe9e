import { expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { Candidates } from './candidates.ts';
import { targetsOf } from './shared/identity.ts';

const list = (n: number, padding = '') => JSON.stringify([{ id: `A${n}00` }, { id: `B${n}00`, padding }]);

/** How many were listed beside `id`, after observations with these texts. */
function choicesAfter(texts: readonly string[], id: string) {
  const candidates = new Candidates();
  const { steps } = makeRun(texts.map((returns) => ({ calls: [{ tool: 'look', returns }] })));
  for (const step of steps) candidates.add(step);
  const [action] = makeRun([{ calls: [{ tool: 'act', with: { id } }] }]).steps[0]?.actions ?? [];
  return action === undefined ? undefined : candidates.choices(targetsOf(action));
}

it('finds a list in JSON and in lines, and points at it', () => {
  const place = { step: 1, pointer: '/actions/0/observation/content/0' };
  expect(choicesAfter(['{}', list(7)], 'A700')).toEqual({ count: 2, place });
  expect(choicesAfter(['no', 'order A700 open\norder B700 paid\norder C700 paid'], 'B700')).toEqual({
    count: 3,
    place,
  });
  expect(choicesAfter([`one A700 and B700 in one line`], 'B700')).toBeUndefined();
});

it('remembers the last 40 lists, of whatever kind', () => {
  for (const make of [list, (n: number) => `order A${n}00 open\norder B${n}00 paid`]) {
    const texts = Array.from({ length: 60 }, (_, n) => make(n + 10));
    expect(choicesAfter(texts, 'A2900')).toBeUndefined();
    expect(choicesAfter(texts, 'A3000')).toMatchObject({ place: { step: 20 } });
  }
});

it('still knows early lists after more text than it keeps', () => {
  const long = 'x'.repeat(200_000);
  const texts = [
    list(7),
    ...Array.from({ length: 8 }, (_, n) => list(n + 10, long)),
    ...Array(8).fill(`{"a":"${long}"}`),
  ];
  expect(choicesAfter(texts, 'A700')).toMatchObject({ place: { step: 0 } });
  expect(choicesAfter(texts, 'A1700')).toMatchObject({ place: { step: 8 } });
});
