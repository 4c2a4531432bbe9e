import { describe, expect, it } from 'vitest';
import type { Action, Observation } from '../../trace/model.ts';
import type { JsonObject } from '../../util/json.ts';
import { callKey, failed, observationDigest, outcomeOf } from './actions.ts';

function call(tool: string, args: JsonObject, observation?: Partial<Observation> & { text?: string }): Action {
  const { text, ...given } = observation ?? {};
  const content = text === undefined ? [] : [{ type: 'text' as const, text }];
  return {
    tool,
    arguments: args,
    argumentsRecorded: true,
    ...(observation !== undefined && { observation: { content, ...given } }),
  };
}

describe('callKey', () => {
  it('is equal for the same call, whatever the order of keys and volatile values', () => {
    const a = callKey(call('pay', { to: 'x', amount: 1, request_id: 'r1' }));
    expect(callKey(call('pay', { amount: 1.0, to: 'x', request_id: 'r2' }))).toBe(a);
    expect(callKey(call('pay', { amount: 2, to: 'x' }))).not.toBe(a);
    expect(callKey(call('buy', { amount: 1, to: 'x' }))).not.toBe(a);
  });

  it('tells idempotency keys, click targets and unparsed arguments apart', () => {
    expect(callKey(call('pay', { idempotency_key: 'a' }))).not.toBe(callKey(call('pay', { idempotency_key: 'b' })));
    const click = (x: number): Action => ({ ...call('click', {}), target: { x, y: 1 } });
    expect(callKey(click(1))).not.toBe(callKey(click(2)));
    const raw = (rawArguments: string): Action => ({ ...call('x', {}), rawArguments, argumentsProblem: 'no JSON' });
    expect(callKey(raw('{a'))).not.toBe(callKey(raw('{b')));
  });

  it('is unknown when arguments were not recorded', () => {
    expect(callKey({ ...call('pay', {}), argumentsRecorded: false })).toBeUndefined();
  });
});

describe('failed', () => {
  it.each<[string, Action, boolean]>([
    ['the format’s flag', call('x', {}, { isError: true, errorSource: 'flag', text: 'no' }), true],
    ['an exit code', call('bash', { command: 'make' }, { exitCode: 2 }), true],
    ['exit code 1 of grep', call('bash', { command: 'cat a | grep x' }, { exitCode: 1 }), false],
    ['exit code 2 of grep', call('bash', { command: 'grep x nowhere' }, { exitCode: 2 }), true],
    ['exit code 1 of a pipe into grep and on', call('bash', { command: 'grep x a | false' }, { exitCode: 1 }), true],
    ['red tests', call('bash', { command: 'cd a && python -m pytest -q' }, { exitCode: 1 }), false],
    ['git diff that differs', call('bash', { command: 'git diff --exit-code' }, { exitCode: 1 }), false],
    ['a body with an error', call('x', {}, { text: '{"error":"denied"}' }), true],
    ['a body with an empty error', call('x', {}, { text: '{"error":null,"data":1}' }), false],
    ['success: false', call('x', {}, { text: '{"success":false}' }), true],
    ['text that starts as errors do', call('x', {}, { text: 'Error: user not found' }), true],
    ['a traceback', call('x', {}, { text: 'Traceback (most recent call last):\n…' }), true],
    ['nothing found', call('x', {}, { text: 'No results found.' }), false],
    [
      'nothing found, said as an error',
      call('x', {}, { isError: true, errorSource: 'text', text: 'Error: no results' }),
      false,
    ],
    ['a text about errors', call('x', {}, { text: 'How to handle Error: timeout' }), false],
    ['error-free text', call('x', {}, { text: 'error-free since 2020' }), false],
  ])('%s', (_, action, expected) => {
    expect(failed(action)).toBe(expected);
  });

  it('does not know without an observation', () => {
    expect(outcomeOf(call('x', {}))).toBe('unknown');
    expect(outcomeOf(call('x', {}, {}))).toBe('unknown');
  });
});

describe('observationDigest', () => {
  it('is equal for equal answers of different actions, and marks missing ones', () => {
    const [one, two, none] = [call('a', {}, { text: 'x' }), call('b', {}, { text: 'x' }), call('c', {})];
    expect(observationDigest(one)).toBe(observationDigest(two));
    expect(observationDigest(none)).toBe('none');
  });
});
