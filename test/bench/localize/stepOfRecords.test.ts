import { expect, it } from 'vitest';
import { openText } from '../../support/proveReader.ts';
import { stepOfRecords } from './stepOfRecords.ts';

const call = (id: string, args: string) => ({
  role: 'assistant',
  content: '',
  tool_calls: [{ id, type: 'function', function: { name: 'look', arguments: args } }],
});
const answer = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, name: 'look', content });

it('names the step that shows each record, also where a call and its result are one step', async () => {
  const messages = [
    { role: 'user', content: 'Where is it?' },
    call('a', '{"at": 1}'),
    answer('a', 'nothing'),
    call('b', '{"at": 2}'),
    answer('b', 'here'),
    { role: 'assistant', content: 'There.' },
  ];
  const opened = await openText(JSON.stringify({ messages }));
  const [run] = opened.trace.runs;
  if (run === undefined) throw new Error('no run');
  expect(await stepOfRecords(opened, run, messages)).toEqual([0, 1, 1, 2, 2, 3]);
});

it('tells equal records apart by their place, and refuses a list that is not the file', async () => {
  const said = (role: string, content: string) => ({ role, content });
  const history = [said('human', 'Do it'), ...['go', 'go', 'done'].map((text) => said('Orchestrator (thought)', text))];
  const opened = await openText(JSON.stringify({ history, question: 'Do it', mistake_step: '2', mistake_agent: 'x' }));
  const [run] = opened.trace.runs;
  if (run === undefined) throw new Error('no run');
  expect(await stepOfRecords(opened, run, history)).toEqual([0, 1, 2, 3]);
  expect(await stepOfRecords(opened, run, [said('system', 'not in the file'), ...history])).toEqual([-1, 0, 1, 2, 3]);
  await expect(stepOfRecords(opened, run, history.slice(1))).rejects.toThrow('no record of the list');
});
