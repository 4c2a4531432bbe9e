import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chatModel, type ModelRequest } from '../../../../test/support/chatModel.ts';
import { runCli } from '../../../../test/support/runCli.ts';
import { pairedTexts } from '../../../core/compare/pairedTexts.ts';
import { openTrace } from '../../../core/formats/openTrace.ts';
import { forkOf } from '../../../core/regression/fork/forkOf.ts';
import type { ReplaySession } from '../../../core/regression/replay/replaySession.ts';
import { textSource } from '../../../core/source/byteSource.ts';
import { forkRun } from './forkRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-fork-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (id: string, name: string, args: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});

/** Somebody asks to cancel one of two orders; the agent cancels the wrong one, and the user thanks. */
const RECORDED = {
  messages: [
    { role: 'system', content: 'You help.' },
    { role: 'user', content: 'Cancel my duplicate order. I am ada@shop.test.' },
    { role: 'assistant', content: '', tool_calls: [call('c1', 'find_customer', { email: 'ada@shop.test' })] },
    { role: 'tool', tool_call_id: 'c1', content: '{"id":"C-1"}' },
    { role: 'assistant', content: '', tool_calls: [call('c2', 'list_orders', { customer: 'C-1' })] },
    { role: 'tool', tool_call_id: 'c2', content: '["A-1","A-2"]' },
    { role: 'assistant', content: '', tool_calls: [call('c3', 'cancel_order', { order: 'A-2' })] },
    { role: 'tool', tool_call_id: 'c3', content: 'cancelled' },
    { role: 'assistant', content: 'I cancelled A-2.' },
    { role: 'user', content: 'Thank you.' },
    { role: 'assistant', content: 'You are welcome.' },
  ],
};
const source = join(folder, 'run.json');
writeFileSync(source, JSON.stringify(RECORDED));
const FIND = 2;
const LIST = 3;
const CANCEL = 4;

/** A model that cancels the order that its last observation names last, under any prompt but a strict one. */
function shopkeeper({ messages }: ModelRequest) {
  const last = messages.at(-1);
  const said = String(last?.content);
  if (messages[0]?.content === 'Be strict.') return { say: 'I cancel nothing.' };
  if (last?.role === 'assistant') return { calls: [['cancel_order', { order: 'A-1' }]] as never };
  if (said === 'Thank you.') return { say: 'You are welcome.' };
  if (said === 'cancelled') return { say: 'I cancelled it.' };
  const orders: string[] = said.startsWith('[') ? JSON.parse(said) : [];
  const order = orders.at(-1);
  return order === undefined
    ? { say: 'There is nothing to cancel.' }
    : { calls: [['cancel_order', { order }]] as never };
}

async function fork(step: number, ...args: string[]) {
  const stub = await chatModel(shopkeeper);
  const result = await runCli('fork', source, '--step', `${step}`, '--endpoint', stub.url, '--model', 'm', ...args);
  await stub.close();
  return { ...result, requests: stub.requests, text: result.lines.join('\n') };
}

describe('hindstep fork', () => {
  it('decides a step anew with the recorded tools, to the end of what the user said', async () => {
    const { code, text, requests } = await fork(CANCEL);
    expect(code).toBe(0);
    expect(requests[0]?.messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'tool', 'assistant', 'tool'],
    ]);
    expect(requests.at(-1)?.messages.at(-1)?.content).toBe('Thank you.');
    expect(text).toMatch(/= \[2 \| 2\] find_customer.*\n.*= \[3 \| 3\] list_orders.*\n.*= \[4 \| 4\] cancel_order/);
    expect(text).not.toContain('≠ [');
  });

  it('tells no model a secret, and calls no secret a difference', async () => {
    const { text, requests } = await fork(CANCEL);
    expect(JSON.stringify(requests)).not.toContain('ada@shop.test');
    expect(JSON.stringify(requests[0]?.messages)).toContain('<EMAIL_1>');
    expect(text).toContain('find_customer(email: "<EMAIL_1>")');
  });

  it('goes on from another observation, and explains where that leaves the recording', async () => {
    const none = await fork(LIST, '--observation', '[]');
    expect(none.code).toBe(0);
    expect(none.text).toMatch(/→ < \[4 \| –\] cancel_order/);
    const other = await fork(LIST, '--observation', '["A-1","A-9"]');
    expect(other.code).toBe(1);
    expect(other.text).toContain('recorded call 1 differs in /order: A-2, got A-9');
  });

  it('goes on from another action, whose answer is recorded or given', async () => {
    const given = ['--action', '{"tool": "cancel_order", "arguments": {"order": "A-1"}}', '--observation', 'cancelled'];
    const { code, text, requests } = await fork(CANCEL, ...given);
    expect(code).toBe(0);
    expect(text).toMatch(/→ ≠ \[4 \| 4\] cancel_order.*\n.*differs in \/order: A-2, got A-1/);
    expect(requests[0]?.messages.slice(-2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'fork-1', function: { arguments: '{"order":"A-1"}' } }] },
      { role: 'tool', tool_call_id: 'fork-1', content: 'cancelled' },
    ]);
    const recorded = await fork(FIND, '--action', '{"tool": "list_orders", "arguments": {"customer": "C-1"}}');
    expect(recorded.text).toMatch(
      /→ < \[2 \| –\] find_customer.*\n.*= \[3 \| 2\] list_orders.*\n.*= \[4 \| 3\] cancel_order/,
    );
    const unknown = await fork(CANCEL, '--action', '{"tool": "cancel_order", "arguments": {"order": "A-1"}}');
    expect(unknown).toMatchObject({
      code: 2,
      errors: [expect.stringMatching(/answers is not known: .* differs in \/order: A-2, got A-1\. Say it with/)],
    });
  });

  it('takes a placeholder in an edit for the secret that it stands for', async () => {
    const again = '{"tool": "find_customer", "arguments": {"email": "<EMAIL_1>"}}';
    const { code, text } = await fork(FIND, '--action', again);
    expect([code, text.includes('≠ [')]).toEqual([0, false]);
  });

  it('goes on from another thought, and under another prompt', async () => {
    const thought = await fork(CANCEL, '--thought', 'The older one, A-1, is the duplicate.');
    expect(thought.requests[0]?.messages.at(-1)).toMatchObject({
      role: 'assistant',
      content: expect.stringContaining('A-1'),
    });
    expect(thought.code).toBe(1);
    const strict = await fork(CANCEL, '--system', 'Be strict.');
    expect(strict.requests[0]?.messages.filter(({ role }) => role === 'system')).toEqual([
      { role: 'system', content: 'Be strict.' },
    ]);
    expect(strict.text).toContain('→ < [4 | –] cancel_order');
  });

  it('runs on a callable, and writes the new run as a trace that opens beside the old one', async () => {
    const agent = join(folder, 'agent.mjs');
    writeFileSync(
      agent,
      `export const agent = async ({ messages, callTool }) => {
  if (messages.at(-1).role === 'user') return 'Bye.';
  await callTool('cancel_order', { order: JSON.parse(messages.at(-1).content).at(-1) });
  return 'Done, bob@shop.test.';
};`,
    );
    const out = join(folder, 'forked.json');
    const args = ['--step', `${CANCEL}`, '--agent', agent, '--out', out];
    const { code, lines } = await runCli('fork', source, ...args);
    expect([code, lines.at(-1)]).toEqual([0, `wrote ${out}`]);
    expect(JSON.parse(readFileSync(out, 'utf8')).messages.map(({ content }: { content: string }) => content)).toEqual(
      expect.arrayContaining(['You help.', 'Done, <EMAIL_2>.', 'Thank you.', 'Bye.']),
    );
    const json = await runCli('diff', source, out, '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({
      aligned: [
        { kind: 'changed', left: { step: 2, tool: 'find_customer' }, differences: [{ pointer: '/arguments/email' }] },
        { kind: 'same' },
        { kind: 'same', left: { step: 4 }, right: { step: 4 } },
      ],
      firstDivergence: 0,
      finalTexts: { left: 'You are welcome.', right: 'Bye.' },
    });
    expect(await runCli('fork', source, ...args)).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('is there already')],
    });
  });

  it.each([
    [['--step', '1'], 'is no decision of the agent'],
    [['--step', '99'], 'there is no step 100'],
    [[], 'Which step?'],
    [['--step', '4', '--thought', 'a', '--system', 'b'], 'One thing is changed at a time'],
    [['--step', '4', '--action', '{}'], '--action takes JSON'],
    [['--step', '5', '--observation', 'x'], 'calls no tool'],
    [['--step', '4'], 'Who goes on?'],
  ])('could not judge: %s', async (args, sentence) => {
    expect(await runCli('fork', source, ...args)).toMatchObject({
      code: 2,
      errors: [expect.stringContaining(sentence)],
    });
  });
});

describe('hindstep diff', () => {
  it('says that a run is like itself, and folds what is equal', async () => {
    const calls = Array.from({ length: 9 }, (_, i) => [
      { role: 'assistant', content: '', tool_calls: [call(`c${i}`, 'look', { at: i })] },
      { role: 'tool', tool_call_id: `c${i}`, content: 'ok' },
    ]).flat();
    const long = join(folder, 'long.json');
    writeFileSync(long, JSON.stringify({ messages: [{ role: 'user', content: 'Look.' }, ...calls] }));
    expect(await runCli('diff', long, long)).toMatchObject({
      code: 0,
      lines: [
        expect.anything(),
        '  = 9 equal calls: [1 | 1] look(at: 0) … [9 | 9] look(at: 8)',
        'They make the same calls.',
      ],
    });
    expect(await runCli('diff', long, source)).toMatchObject({ code: 1 });
    expect(await runCli('diff', long)).toMatchObject({ code: 2, errors: ['Name two files.'] });
    expect(await runCli('diff', long, folder)).toMatchObject({ code: 2 });
  });
});

it('shows the recorded run beside the new one as the fork knows it', async () => {
  const opened = await openTrace(textSource('run.json', JSON.stringify(RECORDED)));
  const [run] = opened.ok ? opened.value.trace.runs : [];
  if (!opened.ok || run === undefined) throw new Error('not opened');
  const fork = await forkOf(opened.value, run, CANCEL, { kind: 'none' });
  if (!fork.ok) throw new Error(fork.error);
  const again = async (session: ReplaySession) => {
    session.call('cancel_order', { order: 'A-2' });
    return { heard: true };
  };
  const { compared, known, forked } = await forkRun(
    fork.value,
    [opened.value, run],
    again,
    new AbortController().signal,
  );
  const texts = await pairedTexts(compared, [known, run], [forked.trace, forked.run]);
  expect(texts.left).toContain('email: "<EMAIL_1>"');
  expect(texts.left.split('━━ at the end')[0]?.trim()).toBe(texts.right.trim());
});
