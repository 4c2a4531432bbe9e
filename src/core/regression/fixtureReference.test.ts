import { expect, it } from 'vitest';
import type { Expectation } from './fixture.ts';
import { fixtureReference } from './fixtureReference.ts';

it('takes from a fixture which calls must be made, and which must not', () => {
  const expectations: Expectation[] = [
    {
      kind: 'mustCall',
      tool: 'cancel',
      arguments: { id: 'A', why: { $match: 'ignore' }, at: { $match: 'exact', value: 1 } },
      count: 2,
    },
    { kind: 'mustNotCall', tool: 'cancel', arguments: { id: 'B' } },
    { kind: 'mustNotCall', tool: 'pay', arguments: { to: { $match: 'regex', pattern: '^x' } } },
    { kind: 'maxSteps', count: 3 },
  ];
  const cancel = { tools: ['cancel'], arguments: { id: 'A', at: 1 } };
  expect(fixtureReference({ title: 'Cancels A', expect: expectations })).toEqual({
    from: 'the fixture "Cancels A"',
    calls: [cancel, cancel],
    forbidden: [{ tools: ['cancel'], arguments: { id: 'B' } }],
    order: 'superset',
    partial: true,
    argumentModes: { '*': 'superset' },
  });
});
