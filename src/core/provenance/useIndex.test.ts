import { describe, expect, it } from 'vitest';
import { type MadeRun, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { ForwardUse } from './origin.ts';
import { UseIndex } from './useIndex.ts';
import { ValueIndex } from './valueIndex.ts';

function usesIn(made: MadeRun, at: number): ForwardUse[] {
  const values = new ValueIndex(made.run);
  const uses = new UseIndex(values);
  for (const step of made.steps) {
    uses.add(step);
    values.add(step);
  }
  const step = made.steps[at];
  if (step === undefined) throw new Error('no such step');
  return uses.usesOf(step);
}

/** The uses of a step in a few words. */
function told(made: MadeRun, at: number) {
  return usesIn(made, at).map(({ place, value, usedBy }) => [
    `${place.pointer}${place.within ?? ''}`,
    value,
    ...usedBy.map(({ step, pointer, how }) => `${step} ${pointer.replace('/actions/0/arguments', '')} ${how}`),
  ]);
}

const call = (args: Record<string, string | number>, returns = ''): StepSketch => ({
  calls: [{ tool: 'act', with: args, returns }],
});
const OBSERVATION = '/actions/0/observation/content/0/text';

describe('usesOf', () => {
  it('lists who took a value later: of an observation, of an argument, of the user’s words', () => {
    const made = makeRun([
      { user: 'Cancel W100234' },
      call({ id: 'W100234' }, '{"orders":[{"id":"W100234"},{"pay":"card_7781"}]}'),
      call({ id: 'w-100234' }, 'W100234 again'),
      call({ pay: 'card_7781', id: 'W100234' }),
    ]);
    expect(told(made, 0)).toEqual([
      ['/message/0/text', 'W100234', '1 /id as it stands', '2 /id with other separators', '3 /id as it stands'],
    ]);
    expect(told(made, 1)).toEqual([
      ['/actions/0/arguments/id', 'W100234', '2 /id with other separators', '3 /id as it stands'],
      [`${OBSERVATION}/orders/0/id`, 'W100234', '2 /id with other separators', '3 /id as it stands'],
      [`${OBSERVATION}/orders/1/pay`, 'card_7781', '3 /pay as it stands'],
    ]);
    expect(told(made, 3)).toEqual([]);
  });

  it('lists what was derived: encoded anywhere, sums and joins at their own parents only', () => {
    const made = makeRun([
      call({}, 'W1002345 costs 172.50 and 80, in /srv/notes'),
      call({}, '80 again; W1002345; the file is W1.txt'),
      call({ amount: 252.5, token: 'VzEwMDIzNDU=', file: '/srv/notes/W1.txt' }),
    ]);
    expect(Object.fromEntries(told(made, 0).map(([, value, ...uses]) => [value, uses]))).toEqual({
      '172.50': ['2 /amount sum of 2 numbers'],
      W1002345: ['2 /token base64'],
      '/srv/notes': ['2 /file a folder and a file joined'],
    });
    expect(
      told(made, 1)
        .map(([, value]) => value)
        .sort(),
    ).toEqual(['80', 'W1.txt', 'W1002345']);
  });

  it('follows numbers and dates in other formats, and lists no more than can be read', () => {
    const made = makeRun([
      call({}, 'On May 16th, 2026: $1,234.50'),
      ...Array.from({ length: 60 }, () => call({ day: '2026-05-16', amount: 1234.5 })),
    ]);
    const uses = usesIn(made, 0);
    expect(uses.map(({ value, usedBy, more }) => [value, usedBy[0]?.how, usedBy.length, more])).toEqual([
      ['May 16th, 2026', 'another way to write the date', 50, 10],
      ['$1,234.50', 'without its currency', 50, 10],
    ]);
  });

  it('says nothing of what is written by the model or too short to follow', () => {
    const made = makeRun([call({}, 'ok 12'), call({ body: 'ok 12', count: 12, mode: 'ok' })]);
    expect(told(made, 0)).toEqual([]);
  });
});
