import { expect, it } from 'vitest';
import { pythonLiteral } from './pythonLiteral.ts';
import { actionsOf, repetitionsFound, runOfActions } from './relations.ts';

it('reads what Python prints', () => {
  expect(pythonLiteral(`{'a': "it's", 'b': [True, None, -1.5], 'c': 'x\\n\\'y\\' \\\\ "z"'}`)).toEqual({
    a: "it's",
    b: [true, null, -1.5],
    c: 'x\n\'y\' \\ "z"',
  });
  expect(pythonLiteral('write_patch')).toBeUndefined();
});

it('splits a log into its actions, in either spelling', () => {
  expect(actionsOf("Action at iteration 0: {'name': 'a'}\nAction at Iteration 1: search(\n1)\n\n")).toEqual([
    "{'name': 'a'}",
    'search(\n1)',
  ]);
});

it('makes calls of actions, with arguments that are text or not', () => {
  const { steps } = runOfActions('t', [
    `{'arguments': '{"command": "ls -la"}', 'name': 'bash'}`,
    "{'name': 'read', 'args': {'line': 3}}",
    'write_patch',
  ]);
  expect(steps.map(({ actions }) => [actions[0]?.tool, actions[0]?.arguments])).toEqual([
    ['bash', { command: 'ls -la' }],
    ['read', { line: 3 }],
    ['write_patch', { call: 'write_patch' }],
  ]);
});

it('names the transitions between equal actions', () => {
  const read = "{'name': 'read_range', 'args': {'line': 3}}";
  const other = "{'name': 'read_range', 'args': {'line': 9}}";
  expect([...repetitionsFound('t', [other, read, read, read, other])]).toEqual([1, 2]);
});
