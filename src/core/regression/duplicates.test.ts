import { expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../test/support/fixtureFile.ts';
import { duplicatesOf } from './duplicates.ts';

const [first, second] = DUPLICATE_ORDER.expect;
const asks = (...expect: readonly (typeof first)[]) => ({
  ...DUPLICATE_ORDER,
  expect: expect.flatMap((one) => (one === undefined ? [] : [one])),
});

it('are those that ask the same of the same recording, and those of which another asks more', () => {
  const found = duplicatesOf([
    { key: 'whole', fixture: asks(first, second) },
    { key: 'part', fixture: asks(second) },
    { key: 'turned round', fixture: asks(second, first) },
    { key: 'part again', fixture: { ...asks(second), id: 'other', title: 'other' } },
    { key: 'other mode', fixture: { ...asks(first), mode: 'trace-check' } },
    {
      key: 'other answer',
      fixture: { ...asks(first), recording: DUPLICATE_ORDER.recording.map((one) => ({ ...one, observation: 5 })) },
    },
    { key: 'other claim', fixture: asks({ kind: 'maxSteps', count: 3 }) },
  ]);
  expect([...found]).toEqual([
    ['part', { of: 'whole', kind: 'part' }],
    ['turned round', { of: 'whole', kind: 'same' }],
    ['part again', { of: 'whole', kind: 'part' }],
  ]);
});
