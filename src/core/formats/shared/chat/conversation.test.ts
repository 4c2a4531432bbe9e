import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepRows } from '../../../trace/model.ts';
import type { Json } from '../../../util/json.ts';
import { pickCells } from '../../columns.ts';
import { chatBody } from './chatBody.ts';
import type { ChatStyle } from './chatMessage.ts';
import { Conversation } from './conversation.ts';
import { messageColumns, messageOfCells } from './messageColumns.ts';

/** The steps of messages as a reader makes them: from cut columns; each message is the byte of its position. */
function stepsOf(messages: readonly Json[], style: ChatStyle = {}, how?: 'stopped' | 'cut') {
  const conversation = new Conversation(style);
  const columns = messageColumns(style.inlineCalls !== undefined);
  const problems = messages.flatMap((message, i) => {
    const thin = messageOfCells(pickCells(message, columns));
    return conversation.add(thin, { source: 0, start: i, end: i + 1 }) ?? [];
  });
  return { end: conversation.end(how), problems };
}

function kinds(rows: StepRows): string[] {
  return rows.map((row) => row.kind);
}

const call = (id: string, name = 'get') => ({ id, type: 'function', function: { name, arguments: '{"id":1}' } });
const asks = (...ids: string[]): Json => ({ role: 'assistant', content: null, tool_calls: ids.map((id) => call(id)) });
const answers = (id: string, content = 'ok'): Json => ({ role: 'tool', tool_call_id: id, content });
const user = (content: string): Json => ({ role: 'user', content });
const says = (content: string): Json => ({ role: 'assistant', content });

describe('Conversation', () => {
  it('agrees with the body on a ShareGPT value that is a list', () => {
    const inner: Json = [{ from: 'function_call', value: '{"name":"find","arguments":{}}' }];
    for (const from of ['gpt', 'function_call', 'human', 'observation']) {
      const message: Json = { from, value: inner };
      const { end } = stepsOf([message]);
      expect(chatBody([message], {}).actions.map(({ tool }) => tool)).toEqual(end.steps.at(0)?.tools);
    }
  });

  it('makes one step of a message with its results, also when they come late', () => {
    const { end, problems } = stepsOf([
      user('Go'),
      asks('a', 'b'),
      asks('c'),
      answers('b'),
      answers('c'),
      answers('a'),
    ]);
    expect(kinds(end.steps)).toEqual(['user', 'action', 'action']);
    expect(end.steps.map((step) => step.parts.map((part) => part.start))).toEqual([[0], [1, 3, 5], [2, 4]]);
    expect(problems).toEqual([]);
  });

  it('tells the status of all results that a step shows, also of those beside the results of another step', () => {
    const beside: Json = {
      role: 'tool',
      content: 'x',
      tool_responses: [
        { tool_call_id: 'b', content: 'ok' },
        { content: 'ok' },
        { tool_call_id: 'b', content: 'Error: it failed' },
      ],
    };
    const messages = [asks('a'), asks('b'), beside];
    const { end } = stepsOf(messages);
    for (const row of end.steps) {
      const body = chatBody(
        row.parts.map((part) => messages[part.start] ?? null),
        {},
      );
      const failed = body.actions.some(({ observation }) => observation?.isError === true);
      expect([row.status, failed]).toEqual(['suspect-error', true]);
    }
  });

  it('keeps reused ids apart', () => {
    const { end } = stepsOf([asks('a'), answers('a', 'first'), asks('a'), answers('a', 'second')]);
    expect(end.steps.map((step) => step.parts.map((part) => part.start))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('shows a result that nothing asked for, and says so', () => {
    const { end, problems } = stepsOf([user('Go'), answers('z', 'Error: lost')]);
    expect(kinds(end.steps)).toEqual(['user', 'other']);
    expect(end.steps.at(1)).toMatchObject({ status: 'ok', preview: 'Error: lost' });
    expect(problems.map((problem) => problem.message)).toEqual([
      'The result with id "z" answers no call in this conversation; it is shown as a step of its own.',
    ]);
  });

  it('takes the last word for the final one, before nothing but the stop', () => {
    expect(kinds(stepsOf([user('Go'), says('Which?'), user('That'), says('Done.')]).end.steps)).toEqual([
      'user',
      'plan',
      'user',
      'final',
    ]);
    expect(kinds(stepsOf([says('Done.'), user('Thanks ###STOP###')]).end.steps)).toEqual(['final', 'user']);
    expect(kinds(stepsOf([says('Done.'), user('Thanks')]).end.steps)).toEqual(['plan', 'user']);
    expect(kinds(stepsOf([says('Done.'), user('Thanks')], {}, 'stopped').end.steps)).toEqual(['final', 'user']);
    expect(kinds(stepsOf([says('Is it?')], {}, 'cut').end.steps)).toEqual(['plan']);
    expect(kinds(stepsOf([says('First.'), asks('a')]).end.steps)).toEqual(['plan', 'action']);
  });

  it('finds the goal in the first user message with words', () => {
    const { end } = stepsOf([{ role: 'system', content: 'Policy' }, user(' '), user('Cancel it')]);
    expect(end).toMatchObject({ goal: 'Cancel it', goalStep: 2, systemPrompt: 'Policy' });
  });

  it('tells errors from both ends of a text that the columns cut', () => {
    const long = `${'line\n'.repeat(10_000)}Traceback (most recent call last):\n  File "a.py"\nKeyError: 'id'`;
    const { end } = stepsOf([asks('a'), answers('a', long)]);
    expect(end.steps.at(0)?.status).toBe('suspect-error');
  });

  it('can be asked for its steps before its end', () => {
    const conversation = new Conversation({});
    conversation.add(asks('a'), { source: 0, start: 0, end: 1 });
    expect(conversation.end().steps.at(0)?.parts).toHaveLength(1);
    const longer = conversation.with(says('Done.'), { source: 0, start: 9, end: 10 });
    expect(kinds(longer.end().steps)).toEqual(['action', 'final']);
    conversation.add(answers('a'), { source: 0, start: 1, end: 2 });
    expect(kinds(conversation.end().steps)).toEqual(['action']);
    expect(conversation.end().steps.at(0)?.parts).toHaveLength(2);
  });

  it('gives the user’s own tool calls to the user', () => {
    const own = {
      role: 'user',
      content: null,
      tool_calls: [{ id: 'u', name: 'toggle', arguments: {}, requestor: 'user' }],
    };
    expect(stepsOf([own]).end.steps.at(0)).toMatchObject({ kind: 'action', agent: 'user', tools: ['toggle'] });
  });
});

describe('a long conversation', () => {
  const long = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? asks(`c${i}`) : answers(`c${i - 1}`)));

  it('has the steps of a short one, to the last word', () => {
    const { end, problems } = stepsOf([user('Go'), ...long, says('Done.')]);
    expect(problems).toEqual([]);
    expect(end.steps).toHaveLength(1002);
    expect(end.steps.slice(1, -1).every(({ kind, status }) => kind === 'action' && status === 'ok')).toBe(true);
    expect(end.steps.map(({ index, id }) => `${index} ${id}`).slice(0, 3)).toEqual([
      '0 message-0',
      '1 message-1',
      '2 message-3',
    ]);
    expect(end.steps.at(700)?.parts.map(({ start }) => start)).toEqual([1399, 1400]);
    expect([end.goalStep, end.steps.at(-1)?.kind]).toEqual([0, 'final']);
  });

  it('takes an answer that comes late, and a user who asks at the end', () => {
    const { end, problems } = stepsOf([asks('late'), ...long, answers('late', 'Error: no'), ...long, user('And now?')]);
    expect(problems).toEqual([]);
    expect(end.steps.at(0)).toMatchObject({ status: 'suspect-error', parts: [{ start: 0 }, { start: 2001 }] });
    expect(end).toMatchObject({ goalStep: 2001 });
  });

  it('is asked for its steps while it comes', () => {
    const conversation = new Conversation({});
    const counts: number[] = [];
    for (const [i, message] of long.entries()) {
      conversation.add(message, { source: 0, start: i, end: i + 1 });
      if (i % 500 === 0) counts.push(conversation.end().steps.length);
    }
    expect(counts).toEqual([1, 251, 501, 751]);
    expect(stepsOf(long).end.steps.map(({ id }) => id)).toEqual(conversation.end().steps.map(({ id }) => id));
    const longer = conversation.with(says('Done.'), { source: 0, start: 2000, end: 2001 }).end();
    expect([longer.steps.length, longer.steps.at(-1)?.kind]).toEqual([1001, 'final']);
    expect(conversation.end().steps).toHaveLength(1000);
  });
});

const anyText = fc.constantFrom(
  '',
  'ok',
  'Error: no',
  '{"a":1}',
  '```bash\nls\n```',
  '<function=f>\n</function>',
  '<think>x</think>y',
);
const anyId = fc.constantFrom('a', 'b', 'c');
const anyMessage: fc.Arbitrary<Json> = fc.oneof(
  anyText.map(user),
  anyText.map(says),
  fc.array(anyId, { minLength: 1, maxLength: 3 }).map((ids) => asks(...ids)),
  fc.tuple(anyId, anyText).map(([id, text]) => answers(id, text)),
  fc.record({ role: fc.constantFrom('function', 'tool', 'exit', 'narrator', 'system'), content: anyText }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.constant(null),
    function_call: fc.record({ name: fc.constant('f') }),
  }),
  fc.jsonValue().map((value) => value as Json),
);
const anyStyle: fc.Arbitrary<ChatStyle> = fc.constantFrom<ChatStyle>(
  {},
  { errorPrefix: 'Error: ' },
  { inlineCalls: 'bash-blocks' },
  { inlineCalls: 'function-tags' },
  { inlineCalls: 'tool-call-tags' },
  { inlineCalls: 'react' },
);

describe('rows and bodies', () => {
  it('place every message, and agree on tools and errors, for any messages in any style', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 12 }), anyStyle, (messages, style) => {
        const { end } = stepsOf(messages, style);
        const placed = end.steps.flatMap((step) => step.parts.map((part) => part.start));
        expect([...new Set(placed)].sort((a, b) => a - b)).toEqual(messages.map((_, i) => i));
        for (const step of end.steps) {
          const body = chatBody(
            step.parts.map((part) => messages[part.start] ?? null),
            style,
          );
          expect(body.actions.map((action) => action.tool)).toEqual(step.tools);
          const failed = body.actions.some((action) => action.observation?.isError === true);
          if (failed) expect(['error', 'suspect-error']).toContain(step.status);
        }
      }),
      { numRuns: 500 },
    );
  });
});
