import { describe, expect, it } from 'vitest';
import { checkMutations } from './checkMutations.ts';
import type { Expectation, Fixture, FixtureMode } from './fixture.ts';
import { mutationsOf } from './mutations.ts';
import { problemsOf, scriptOf } from './replay/script.ts';

const MODES = ['trace-check', 'decision-point', 'replay'] as const;

function recorded(tool: string, args: Fixture['recording'][number]['arguments'], turn = 0) {
  return { tool, arguments: args, argumentsHash: '', ordinal: 0, observation: 'ok', isError: false, turn };
}

/** A run that looks, asks, checks, and pays the wrong bill; the correction pays the right one. */
function fixtureOf(mode: FixtureMode, expect: readonly Expectation[], more: Partial<Fixture> = {}): Fixture {
  return {
    schemaVersion: 2,
    normaliserVersion: 1,
    id: 'f',
    title: 't',
    mode,
    source: { fileName: '', format: '', run: '', step: 0, sha256: '', hindstep: '' },
    goal: 'Pay it',
    messages: [
      { role: 'user', content: 'Pay it' },
      { role: 'assistant', content: 'Shall I?' },
      { role: 'user', content: 'Yes.' },
    ],
    tools: [],
    toolsDigest: '',
    environment: {},
    recording: [recorded('list', { page: 1 }), recorded('check', {}, 1), recorded('pay', { id: 'B', amount: 9 }, 1)],
    onMiss: 'error',
    failure: { position: 2, calls: [{ tool: 'pay', arguments: { id: 'B', amount: 9 } }], reason: '' },
    correction: { calls: [{ tool: 'pay', arguments: { id: 'A', amount: 10, tags: ['x'], note: 'n' } }] },
    expect,
    volatile: [],
    redactions: [],
    ...more,
  };
}

const EVERYTHING: readonly Expectation[] = [
  {
    kind: 'mustCall',
    tool: 'pay',
    arguments: {
      id: 'A',
      amount: { $match: 'number', value: 10, tolerance: 3 },
      tags: { $match: 'superset', value: ['x'] },
    },
    count: 1,
  },
  { kind: 'mustNotCall', tool: 'pay', arguments: { id: 'B' } },
  { kind: 'mustNotCall', tool: 'pay', arguments: { id: { $match: 'oneOf', values: ['C', 'D'] } } },
  { kind: 'maxSteps', count: 6 },
  { kind: 'maxRepeats', tool: 'pay', count: 0 },
  { kind: 'evaluator', id: 'loop.cycle', status: 'pass' },
];

describe('checkMutations', () => {
  it.each(MODES)('finds for every assertion of a %s what turns it red, and it is red for it', (mode) => {
    // Whoever is asked for one decision was asked before it, so it can't be told there that nobody was.
    const more: Expectation[] = mode === 'decision-point' ? [] : [{ kind: 'mustAskBefore', tool: 'pay' }];
    const ordered: Expectation[] =
      mode === 'decision-point'
        ? []
        : [
            { kind: 'mustCall', tool: 'list', arguments: {}, before: 'pay' },
            { kind: 'mustCall', tool: 'pay', arguments: { id: 'A' }, after: 'check' },
            { kind: 'mustNotCall', tool: 'list', arguments: {}, after: 'pay' },
          ];
    const fixture = fixtureOf(mode, [...EVERYTHING, ...more, ...ordered]);
    const verdicts = { 'loop.cycle': 'pass' } as const;
    expect(problemsOf(fixture, { ...scriptOf(fixture, 'corrected'), verdicts })).toEqual([]);
    const checked = checkMutations(fixture);
    expect(checked.dropped).toEqual([]);
    expect(checked.fixture).toEqual(fixture);
    // One for each expectation, and for each argument, count and order.
    const parts = fixture.expect.flatMap((one) =>
      one.kind === 'mustCall'
        ? [...Object.keys(one.arguments), ...['count', 'before', 'after'].filter((name) => name in one)]
        : [],
    );
    expect(checked.mutations).toHaveLength(fixture.expect.length + parts.length);
    for (const { script, reason } of checked.mutations) {
      expect(problemsOf(checked.fixture, script)).toContain(reason);
    }
  });

  it('leaves out what nothing breaks, and says so', () => {
    const fixture = fixtureOf('decision-point', [
      { kind: 'mustCall', tool: 'pay', arguments: { id: 'A', note: { $match: 'ignore' } } },
      { kind: 'mustAskBefore', tool: 'pay' },
      { kind: 'finalMustNotClaim', claim: 'paid' },
    ]);
    const checked = checkMutations(fixture);
    expect(checked.fixture.expect).toEqual([
      { kind: 'mustCall', tool: 'pay', arguments: { id: 'A' } },
      { kind: 'finalMustNotClaim', claim: 'paid' },
    ]);
    expect(checked.dropped).toEqual([
      'Left out: the argument note where it must call pay with {"id":"A","note":{"$match":"ignore"}}, which no change of the correction breaks.',
      'Left out: that it must ask before it calls pay, which no change of the correction breaks.',
    ]);
  });

  it('leaves to the proof what the correction itself breaks', () => {
    const expected: Expectation[] = [{ kind: 'mustCall', tool: 'never', arguments: {} }];
    const checked = checkMutations(fixtureOf('replay', expected));
    expect([checked.fixture.expect, checked.mutations, checked.dropped]).toEqual([expected, [], []]);
  });

  it('tells a claim at the end from none', () => {
    const fixture = fixtureOf('replay', [{ kind: 'finalMustNotClaim', claim: 'It is paid' }], {
      correction: { calls: [], message: 'I could not pay.' },
    });
    expect(checkMutations(fixture).mutations).toMatchObject([
      { name: 'the claim "It is paid"', reason: 'must not claim "It is paid" at the end' },
    ]);
  });
});

it.each<Expectation>([
  { kind: 'mustNotCall', tool: 'pay', arguments: { id: 'B' }, count: 300 },
  { kind: 'mustAskBefore', tool: 'pay' },
  { kind: 'maxRepeats', tool: 'pay', count: 300 },
])('tries few of thousands of equal calls ($kind), each of which takes a run of its own', (expectation) => {
  const recording = Array.from({ length: 2000 }, () => recorded('pay', { id: 'B', amount: 9 }));
  const fixture = fixtureOf('replay', [expectation], { recording });
  expect(mutationsOf(fixture, expectation).length).toBeLessThanOrEqual(22);
});
