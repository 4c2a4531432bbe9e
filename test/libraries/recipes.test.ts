import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fixture } from '../../src/core/regression/fixture.ts';
import { anthropicModel } from '../support/anthropicModel.ts';
import { type ChatModel, chatModel } from '../support/chatModel.ts';
import { DUPLICATE_ORDER } from '../support/fixtureFile.ts';
import { runCli } from '../support/runCli.ts';

// The recipes as they stand in docs/agents.md, with the real libraries. Beside them, so that they are found from there.
const folder = mkdtempSync(join(import.meta.dirname, '.recipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync(resolve(import.meta.dirname, '../../docs/agents.md'), 'utf8');
mkdirSync(join(folder, 'agents'));
const recipes = [...page.matchAll(/^```js\n\/\/ (agents\/[\w-]+\.mjs)\n(.*?)^```$/gms)].map(
  ([, path = '', text = '']) => {
    writeFileSync(join(folder, path), text);
    return path;
  },
);

const prompt = { role: 'system', content: 'You are the agent of a small shop.' } as const;
const told: Fixture = { ...DUPLICATE_ORDER, messages: [prompt, ...DUPLICATE_ORDER.messages] };
const fixture = join(folder, 'cancel.fixture.json');
writeFileSync(fixture, JSON.stringify(told));

let stub: ChatModel;
let order = '';
beforeEach(async () => {
  stub = await chatModel(({ messages }) => {
    const results = messages.filter(({ role }) => role === 'tool').length;
    if (results === 0) return { calls: [['list_orders', {}]] };
    if (results === 1) return { calls: [['cancel_order', { order_id: order }]] };
    return { say: `I cancelled ${order}.` };
  });
  process.env.OPENAI_BASE_URL = stub.url;
  process.env.OPENAI_API_KEY = 'none';
});
afterEach(() => stub.close());

it('finds every recipe', () => {
  expect(recipes).toEqual(['langgraph', 'openai-agents', 'ai-sdk', 'claude'].map((name) => `agents/${name}.mjs`));
});

describe.each(['agents/langgraph.mjs', 'agents/openai-agents.mjs', 'agents/ai-sdk.mjs'])('%s', (path) => {
  const agent = `${join(folder, path)}:agent`;

  it.each([
    ['A-1042', 0, /^The run holds: 2 calls/],
    ['A-1050', 1, /must not call cancel_order/],
  ])('is judged by its calls when its model cancels %s', async (wanted, code, words) => {
    order = wanted;
    const result = join(folder, `${path.replace(/\W/g, '-')}${wanted}.json`);
    const replayed = await runCli('replay', fixture, '--agent', agent, '--result', result);
    expect([replayed.code, ...replayed.errors]).toEqual([code]);
    expect(replayed.lines.join('\n')).toMatch(words);
    expect(JSON.parse(readFileSync(result, 'utf8')).finalText).toBe(`I cancelled ${wanted}.`);
    const [first, second] = stub.requests;
    expect(first?.messages.map(({ content }) => content)).toEqual([prompt.content, DUPLICATE_ORDER.goal]);
    expect(first?.tools?.map(({ function: { name } }) => name)).toEqual(['list_orders', 'cancel_order']);
    expect(String(second?.messages.at(-1)?.content)).toContain('A-1042');
  });

  it('goes on from the middle of a run', async () => {
    const made = (id: string, name: string, args: object) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    });
    const source = join(folder, 'run.json');
    const messages = [
      prompt,
      { role: 'user', content: 'Cancel my duplicate order.' },
      { role: 'assistant', content: 'I look.', tool_calls: [made('a', 'list_orders', {})] },
      { role: 'tool', tool_call_id: 'a', content: '["A-1042","A-1050"]' },
      { role: 'assistant', content: null, tool_calls: [made('b', 'cancel_order', { order_id: 'A-1042' })] },
      { role: 'tool', tool_call_id: 'b', content: 'cancelled' },
      { role: 'assistant', content: 'Done.' },
    ];
    const tools = DUPLICATE_ORDER.tools.map(({ name }) => ({ type: 'function', function: { name, parameters: {} } }));
    writeFileSync(source, JSON.stringify({ messages, tools }));
    order = 'A-1042';
    const { code, lines, errors } = await runCli('fork', source, '--step', '3', '--agent', agent);
    expect([code, ...errors]).toEqual([0]);
    expect(lines.join('\n')).toContain(`> I cancelled ${order}.`);
    // The model is told of the call that was made before the fork, and of its answer.
    expect(stub.requests).toHaveLength(2);
    const [, , called, answered] = stub.requests[0]?.messages ?? [];
    expect(called).toMatchObject({ role: 'assistant', tool_calls: [{ function: { name: 'list_orders' } }] });
    expect(answered).toMatchObject({ role: 'tool', content: '["A-1042","A-1050"]' });
  });
});

describe('agents/claude.mjs', () => {
  it.each([
    ['A-1042', 0],
    ['A-1050', 1],
  ])('is judged by its calls when its model cancels %s', async (wanted, code) => {
    const model = await anthropicModel(({ messages }) => {
      const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
      const results = blocks.filter(({ type }) => type === 'tool_result').length;
      if (results === 0) return { calls: [['mcp__shop__list_orders', {}]] };
      if (results === 1) return { calls: [['mcp__shop__cancel_order', { order_id: wanted }]] };
      return { say: `I cancelled ${wanted}.` };
    });
    // Nothing of this machine: no home, no settings, no key.
    const environment = [
      `PATH=${process.env.PATH ?? ''}`,
      `HOME=${folder}`,
      `ANTHROPIC_BASE_URL=${model.url}`,
      'ANTHROPIC_API_KEY=none',
      'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1',
    ];
    const command = [
      'env',
      '-i',
      ...environment,
      process.execPath,
      join(folder, 'agents/claude.mjs'),
      '{url}',
      '{goal}',
    ];
    const result = join(folder, `claude-${wanted}.json`);
    const replayed = await runCli('replay', fixture, '--result', result, '--', ...command);
    expect([replayed.code, ...replayed.errors.filter((line) => !line.startsWith('{'))]).toEqual([code]);
    expect(JSON.parse(readFileSync(result, 'utf8'))).toMatchObject({
      finalText: `I cancelled ${wanted}.`,
      calls: [{ tool: 'list_orders' }, { tool: 'cancel_order', arguments: { order_id: wanted } }],
    });
    expect(model.requests).toHaveLength(3);
    await model.close();
  });
});
