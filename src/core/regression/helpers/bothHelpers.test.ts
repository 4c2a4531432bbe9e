import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { inJavaScript, inPython, type Script } from '../../../../test/support/replayHelpers.ts';
import type { Fixture } from '../fixture.ts';
import { problemsOf, scriptOf } from '../replay/script.ts';

// What is drawn here goes through both helpers, and through the core: all three must say the same, word for word.
const folder = mkdtempSync(join(tmpdir(), 'hindstep-both-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEED = 20261121;

const tool = fc.constantFrom('list', 'pay', 'cancel');
const name = fc.constantFrom('id', 'amount', 'note', '7', 'request_id', '__proto__', 'constructor');
const scalar = fc.oneof(
  fc.constantFrom('A-1', 'A-2', '10', ' 1e1 ', '0x10', '1_000', 'Ä\u{1f600}ﬁ', '', '\ud800', 'a\u0000"\\'),
  fc.constantFrom(0, 1, 10, 10.5, -0, 1e21, 1e-7, 9007199254740992, 0.1, true, false, null),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '2', '10'), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const schema = fc.record(
  {
    type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object', ['string', 'null']),
    enum: fc.array(scalar, { maxLength: 3 }),
    minimum: fc.constantFrom(0, 1, 10.5),
    exclusiveMaximum: fc.constantFrom(1, 10),
    minLength: fc.constantFrom(1, 2),
    maxItems: fc.constantFrom(0, 1),
    pattern: fc.constantFrom('^A-\\d$', 'a$', '\\s', '.'),
    items: fc.constantFrom(true, false, { type: 'string' }),
    required: fc.constantFrom(['a'], []),
    properties: fc.constantFrom({ a: { type: 'string' } }, { a: { const: 1 } }),
    additionalProperties: fc.constantFrom(true, false),
    not: fc.constantFrom({ type: 'string' }, { const: 'A-1' }),
    anyOf: fc.constantFrom([{ type: 'string' }, { minimum: 1 }], []),
  },
  { requiredKeys: [] },
);
const matcher = fc.oneof(
  value,
  fc.record({ $match: fc.constantFrom('exact', 'subset', 'superset'), value }),
  fc.record({ $match: fc.constant('oneOf'), values: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $match: fc.constant('schema'), schema }),
  fc.record({
    $match: fc.constant('regex'),
    pattern: fc.constantFrom('^A-\\d+$', '', 'a$', '\\w\\s', '[\\d-]{3}', '^.$', 'Ä|1', '\\.', '\\bA'),
  }),
  fc.record({ $match: fc.constant('number'), value: fc.constantFrom(1, 10, 0), tolerance: fc.constantFrom(0, 0.5, 9) }),
  fc.record({ $match: fc.constant('ignore') }),
);
const matchers = fc.dictionary(name, matcher, { maxKeys: 2 });
const args = fc.dictionary(name, value, { maxKeys: 3 });
const order = { before: tool, after: tool, count: fc.constantFrom(1, 2) };
const expectation = fc.oneof(
  fc.record(
    { kind: fc.constantFrom('mustCall', 'mustNotCall'), tool, arguments: matchers, ...order },
    { requiredKeys: ['kind', 'tool', 'arguments'] },
  ),
  fc.record({ kind: fc.constant('mustAskBefore'), tool }),
  fc.record({ kind: fc.constant('finalMustNotClaim'), claim: fc.constantFrom('done', 'DONE  it', 'ΑΣ', 'İ') }),
  fc.record({ kind: fc.constant('maxSteps'), count: fc.constantFrom(0, 2, 5) }),
  fc.record({ kind: fc.constant('maxRepeats'), tool, count: fc.constantFrom(0, 1) }),
);
const recorded = fc.record(
  {
    tool,
    arguments: args,
    observation: value,
    match: matchers,
    effect: fc.constantFrom('read', 'write', 'unknown'),
    step: fc.constantFrom(0, 1, 2),
    turn: fc.constantFrom(0, 1, 5),
  },
  { requiredKeys: ['tool', 'arguments', 'observation'] },
);
const call = fc.record({ tool, arguments: args });
const said = fc.constantFrom('', 'Shall I?', "I've done\u00a0it.", 'ας');
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('assistant', 'user'), content: said }),
  fc.record({ role: fc.constant('system'), content: fc.constant('Be good.') }),
);
const fixture = fc
  .record({
    recording: fc.array(recorded, { maxLength: 5 }),
    expect: fc.array(expectation, { minLength: 1, maxLength: 4 }),
    position: fc.nat(5),
    failed: fc.array(call, { maxLength: 2 }),
    corrected: fc.array(call, { maxLength: 2 }),
    text: said,
    more: fc.array(message, { maxLength: 4 }),
    order: fc.constantFrom('by-hash', 'sequential'),
    onMiss: fc.constantFrom('error', 'not-found', 'live'),
    mode: fc.constantFrom('trace-check', 'decision-point', 'replay'),
    volatile: fc.constantFrom([], ['/request_id'], ['/id/a', '/note/0/b']),
  })
  .map(({ position, failed, corrected, text, more, recording, ...rest }) => ({
    ...{ schemaVersion: 2, normaliserVersion: 1, goal: 'Do it', tools: [] },
    messages: [{ role: 'user', content: 'Do it' }, ...more],
    recording: recording.map((one) => ({ ...one, isError: false })),
    failure: { position: Math.min(position, recording.length), calls: failed, message: text, reason: '' },
    correction: { calls: corrected, message: text },
    ...rest,
  }));

it('both helpers and the core say the same of 400 drawn fixtures, whichever run of the proof is played', {
  timeout: 120_000,
}, () => {
  // As they stand in a file: no `-0`, no `undefined`.
  const drawn = fc
    .sample(fixture, { seed: SEED, numRuns: 400 })
    .map((one) => JSON.parse(JSON.stringify(one)) as Fixture);
  const modes = { 'trace-check': 'trace', 'decision-point': 'decision', replay: 'replay' } as const;
  const scripts = drawn.map((one): Script => ({ fixture: one, mode: modes[one.mode], trace: '' }));
  let red = 0;
  for (const proof of ['recorded', 'corrected', 'undone'] as const) {
    const [javaScript, python] = [inJavaScript, inPython].map((run) => run(scripts, { HINDSTEP_PROOF: proof }));
    const core = drawn.map((one) => ({
      problems: problemsOf(one, scriptOf(one, proof)).map((problem) => `hindstep: ${problem}`),
      answers: [],
    }));
    for (const [i, one] of drawn.entries()) {
      expect([proof, one, javaScript?.[i]]).toEqual([proof, one, core[i]]);
      expect([proof, one, python?.[i]]).toEqual([proof, one, core[i]]);
    }
    red += core.filter(({ problems }) => problems.length > 0).length;
  }
  // What is drawn tells something.
  expect(red).toBeGreaterThan(200);
  expect(red).toBeLessThan(1150);
});

it('both helpers answer the same of 300 drawn recordings', { timeout: 120_000 }, () => {
  const drawn = fc
    .sample(fc.tuple(fixture, fc.array(fc.oneof(call, fc.nat(4)), { maxLength: 6 })), { seed: SEED, numRuns: 300 })
    .map(([one, calls]): Script => {
      // An index makes that recorded call again.
      const made = calls.flatMap((made) => (typeof made === 'number' ? (one.recording[made] ?? []) : made));
      return {
        fixture: one,
        mode: 'replay',
        liveTools: ['list', 'pay'],
        turns: [{ calls: made.map((each) => [each.tool, each.arguments] as const), text: 'Done.' }],
      };
    });
  const scripts = JSON.parse(JSON.stringify(drawn)) as Script[];
  const [javaScript, python] = [inJavaScript(scripts), inPython(scripts)];
  for (const [i, one] of scripts.entries()) expect([one, python[i]]).toEqual([one, javaScript[i]]);
});

const USABLE = {
  ...{ schemaVersion: 2, normaliserVersion: 1, goal: '', messages: [], tools: [], recording: [], volatile: [] },
  ...{ onMiss: 'error', failure: { position: 0, calls: [] }, correction: { calls: [] } },
  expect: [{ kind: 'maxSteps', count: 3 }],
};
const asks = (args: object) => ({ expect: [{ kind: 'mustCall', tool: 't', arguments: args }] });

it.each<[string, unknown, string | undefined]>([
  ['one that is right', USABLE, undefined],
  ['no object', [], 'this is no fixture: it is not a JSON object.'],
  ['another version', { ...USABLE, normaliserVersion: 2 }, 'made by a newer version of Hindstep; update it here'],
  ['a newer shape', { ...USABLE, schemaVersion: 3 }, 'made by a newer version of Hindstep; update it here'],
  ['a shape that is still understood', { ...USABLE, schemaVersion: 1 }, undefined],
  ['an older shape', { ...USABLE, schemaVersion: 0 }, 'make it again ("re-record").'],
  ['no recording', { ...USABLE, recording: undefined }, 'this fixture has no list of recording.'],
  ['no failure', { ...USABLE, failure: {} }, 'this fixture has no calls in its failure.'],
  ['an unknown choice', { ...USABLE, onMiss: 'guess' }, 'onMiss is "guess"; it may be error, not-found, live.'],
  ['an order that is none', { ...USABLE, order: 3 }, 'order is 3; it may be by-hash, sequential.'],
  ['a broken recording', { ...USABLE, recording: [{ tool: 1 }] }, 'recorded call 1 needs a tool and arguments.'],
  [
    'an expectation from the future',
    { ...USABLE, expect: [{ kind: 'mustSing' }] },
    'expectation 1 is "mustSing", which this version does not know; make the test again with a newer Hindstep.',
  ],
  [
    'no matcher',
    { ...USABLE, ...asks({ a: { $match: 'like' } }) },
    'the matcher of a in expectation 1 is "like", which is no matcher.',
  ],
  [
    'a pattern that could hang',
    { ...USABLE, ...asks({ a: { $match: 'regex', pattern: '(a+)+$' } }) },
    'has a pattern that is broken or could take for ever.',
  ],
  [
    'a broken pattern',
    { ...USABLE, ...asks({ a: { $match: 'regex', pattern: '(' } }) },
    'has a pattern that is broken',
  ],
  [
    'a schema that is not understood',
    { ...USABLE, ...asks({ a: { $match: 'schema', schema: { items: { $ref: '#' } } } }) },
    'has a schema with "$ref", which is not understood.',
  ],
  ['no tolerance', { ...USABLE, ...asks({ a: { $match: 'number', value: 1 } }) }, 'needs a value and a tolerance.'],
])('a fixture is read, or refused with a sentence: %s', (_name, given, problem) => {
  const path = join(folder, 'a.fixture.json');
  writeFileSync(path, JSON.stringify(given));
  for (const run of [inJavaScript, inPython]) {
    const [result] = run([{ fixture: {}, mode: 'read', trace: path }]);
    if (problem === undefined) expect(result).toEqual({ problems: [], answers: [] });
    else expect(result).toEqual({ error: expect.stringContaining(problem) });
  }
});
