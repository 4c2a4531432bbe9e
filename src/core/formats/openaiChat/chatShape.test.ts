import { describe, expect, it } from 'vitest';
import { textSource } from '../../source/byteSource.ts';
import { readHead } from '../head.ts';
import { chatShape } from './chatShape.ts';

async function shapeOf(text: string) {
  return chatShape(await readHead(textSource('file', text)));
}

const user = { role: 'user', content: 'Hi' };
const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('chatShape', () => {
  it.each([
    ['an array', JSON.stringify([user]), [], ['*']],
    ['an array of arrays', JSON.stringify([[user], [user]]), ['*'], ['*']],
    ['a document', JSON.stringify({ messages: [user] }), [], ['messages', '*']],
    ['an array of documents', JSON.stringify([{ messages: [user] }]), ['*'], ['messages', '*']],
    ['a document a line', lines({ messages: [user] }, { messages: [user] }), [], ['messages', '*']],
    ['a message a line', lines(user, user), [], []],
    ['ShareGPT', JSON.stringify([{ conversations: [{ from: 'human', value: 'Hi' }] }]), ['*'], ['conversations', '*']],
    ['outputs', JSON.stringify({ outputs: [user] }), [], ['outputs', '*']],
    ['a cut document', '{"messages": [{"role": "user", "content": "Hi th', [], ['messages', '*']],
  ])('finds the messages of %s', async (_, text, conversation, messages) => {
    expect(await shapeOf(text)).toMatchObject({ conversation, messages });
  });

  it.each([
    ['an empty list', '[]'],
    ['messages without roles', '{"messages": [{"text": "Hi"}]}'],
    ['messages of unknown roles', '{"messages": [{"role": "narrator", "content": "Hi"}]}'],
    ['people with roles', '[{"role": "user", "name": "Ada"}, {"role": "admin", "name": "Bob"}]'],
    ['mail', '{"messages": [{"from": "ada@example.org", "value": 1}]}'],
    ['settings', '{"editor.tabSize": 2}'],
    ['lines of which few are messages', lines(user, { a: 1 }, { a: 2 }, { a: 3 })],
  ])('finds none in %s', async (_, text) => {
    expect(await shapeOf(text)).toBeUndefined();
  });

  it('tells a completion log by the completion beside the messages', async () => {
    const log = { messages: [user], response: { choices: [{ message: { content: 'Hello' } }] } };
    expect(await shapeOf(JSON.stringify(log))).toMatchObject({
      response: true,
      variant: 'completion log ({messages})',
    });
    expect(await shapeOf(JSON.stringify({ ...log, response: null }))).toMatchObject({ response: false });
  });

  it('tells calls in the text, unless calls are recorded as such', async () => {
    const content = '<function=bash>\n<parameter=command>ls</parameter>\n</function>';
    const inText = { messages: [user, { role: 'assistant', content }] };
    expect(await shapeOf(JSON.stringify(inText))).toMatchObject({ style: { inlineCalls: 'function-tags' } });
    const call = { id: 'a', function: { name: 'bash', arguments: '{}' } };
    const recorded = { messages: [user, { role: 'assistant', content, tool_calls: [call] }] };
    expect(await shapeOf(JSON.stringify(recorded))).toMatchObject({ style: {} });
  });
});
