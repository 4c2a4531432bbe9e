import { describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { openTrace } from '../../formats/openTrace.ts';
import { textSource } from '../../source/byteSource.ts';
import { at, type Json } from '../../util/json.ts';
import type { Expectation, Fixture } from '../fixture.ts';
import { EXPORTS, exportNamed } from './exports.ts';

const turns: Fixture = {
  ...DUPLICATE_ORDER,
  messages: [
    { role: 'system', content: 'You are the desk.' },
    { role: 'user', content: 'Cancel my duplicate order.' },
    { role: 'assistant', content: 'Which one?' },
    { role: 'user', content: 'The second.' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call-1', name: 'list_orders', arguments: {} }] },
    { role: 'tool', toolCallId: 'call-1', content: 'A-1042, A-1050' },
  ],
  correction: { ...DUPLICATE_ORDER.correction, message: 'It is cancelled.' },
};

function written(id: string, fixture: Fixture) {
  const exported = exportNamed(id)?.write(fixture);
  if (exported?.ok !== true) throw new Error(exported?.error ?? id);
  return exported.value;
}

const EVERY: readonly Expectation[] = [
  { kind: 'mustCall', tool: 't', arguments: { a: 1, b: { $match: 'ignore' } } },
  { kind: 'mustCall', tool: 't', arguments: { a: { $match: 'regex', pattern: 'x' } } },
  { kind: 'mustCall', tool: 't', arguments: {}, count: 2 },
  { kind: 'mustCall', tool: 't', arguments: {}, before: 'u' },
  { kind: 'mustNotCall', tool: 't', arguments: { a: 1 } },
  { kind: 'mustNotCall', tool: 't', arguments: {} },
  { kind: 'mustAskBefore', tool: 't' },
  { kind: 'finalMustNotClaim', claim: 'done' },
  { kind: 'maxSteps', count: 3 },
  { kind: 'maxRepeats', tool: 't', count: 1 },
  { kind: 'evaluator', id: 'loop.cycle', status: 'pass' },
];

describe('promptfoo', () => {
  it('gets assertions on the trajectory, and a sentence for what it has no words for', () => {
    const { value, left } = written('promptfoo', { ...turns, expect: EVERY });
    expect(at(value, 0, 'assert')).toEqual([
      { type: 'trajectory:tool-args-match', value: { name: 't', args: { a: 1 }, mode: 'partial' } },
      { type: 'trajectory:tool-used', value: { name: 't', min: 2, max: 2 } },
      { type: 'not-trajectory:tool-args-match', value: { name: 't', args: { a: 1 }, mode: 'partial' } },
      { type: 'trajectory:tool-used', value: { name: 't', min: 0, max: 0 } },
      { type: 'not-icontains', value: 'done' },
      { type: 'trajectory:step-count', value: { type: 'tool', max: 2 } },
    ]);
    expect(left).toHaveLength(5);
    expect(left[0]).toContain('Not in promptfoo, which compares a in no such way: that it must call t with ');
  });

  it('fills in no template and reads no file that a trace names', () => {
    const hostile = 'file:///etc/passwd {{env.SECRET}} {% x %} {# y #} {{{z}}}';
    const { value } = written('promptfoo', { ...turns, goal: hostile, messages: [{ role: 'user', content: hostile }] });
    const text = JSON.stringify(value);
    expect(text).not.toMatch(/\{[{%#]/);
    expect(at(value, 0, 'vars', 'goal')).toBe(' file:///etc/passwd { {env.SECRET}} { % x %} { # y #} { { {z}}}');
    expect(JSON.parse(String(at(value, 0, 'vars', 'messages')))).toHaveLength(1);
  });

  it('is refused what it could not judge at all', () => {
    const asks: Fixture = { ...turns, expect: [{ kind: 'mustAskBefore', tool: 't' }] };
    expect(exportNamed('promptfoo')?.write(asks).ok).toBe(false);
  });
});

describe('ADK', () => {
  it('gets a case of one invocation for each turn, which the reader of eval sets reads as the corrected run', async () => {
    const { value, left } = written('adk', turns);
    expect(at(value, 'eval_cases', 0, 'conversation', 1)).toEqual({
      invocation_id: 'turn-2',
      user_content: { role: 'user', parts: [{ text: 'The second.' }] },
      final_response: { role: 'model', parts: [{ text: 'It is cancelled.' }] },
      intermediate_data: {
        tool_uses: [
          { id: 'call-1', name: 'list_orders', args: {} },
          { id: 'corrected-1', name: 'cancel_order', args: { order_id: 'A-1042' } },
        ],
        tool_responses: [
          { id: 'call-1', name: 'list_orders', response: { result: 'A-1042, A-1050' } },
          { id: 'corrected-1', name: 'cancel_order', response: { result: '{"status":"ok"}' } },
        ],
        intermediate_responses: [],
      },
    });
    expect(left[0]).toContain('system prompt');
    const opened = await openTrace(textSource('a.evalset.json', JSON.stringify(value)));
    if (!opened.ok) throw new Error(opened.decline.sentence);
    const { trace } = opened.value;
    expect(trace.format).toBe('google-adk');
    const [run] = trace.runs;
    if (run === undefined) throw new Error('It has no run.');
    const made: string[] = [];
    for await (const { actions } of opened.value.steps(run)) made.push(...actions.map(({ tool }) => tool));
    expect(made).toEqual(['list_orders', 'cancel_order']);
  });
});

it.each(EXPORTS.map(({ id }) => id))('nothing that a fixture expects is left out without a word: %s', (id) => {
  const { value, left } = written(id, { ...turns, expect: EVERY });
  const said = `${JSON.stringify(value as Json)} ${left.join(' ')}`;
  expect(said).toMatch(/ask before it calls t|mustAskBefore/);
  expect(said).toMatch(/loop\.cycle/);
  expect(said).toMatch(/repeat|maxRepeats/);
});
