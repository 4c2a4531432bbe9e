import { expect, it } from 'vitest';
import type { Action, Run } from '../../trace/model.ts';
import type { JsonObject } from '../../util/json.ts';
import { contextFor } from '../context.ts';
import { Remade } from './remade.ts';

const run: Run = { id: 'r', title: 'r', steps: [] };
const act = (tool: string, args: JsonObject): Action => ({ tool, arguments: args, argumentsRecorded: true });
const write = (path: string) => act('write_file', { path, text: 'x' });
const filesOf = (...actions: readonly (Action | [string, Action])[]) => {
  const remade = new Remade(contextFor(run));
  actions.forEach((one, step) => {
    const [branch, action] = Array.isArray(one) ? one : ['main', one];
    remade.note(branch, action, { step });
  });
  return remade.atLeast(1).map(({ path }) => path);
};

it.each<[string, Action, Action]>([
  ['a shell', act('bash', { command: 'rm -f try.py' }), write('try.py')],
  ['a shell in another folder', act('bash', { command: 'cd /app && rm try.py' }), write('/app/try.py')],
  ['a tool', act('delete_file', { path: './try.py' }), write('try.py')],
])('takes a file for remade that %s removed', (_, remove, make) => {
  expect(filesOf(remove, make)).toHaveLength(1);
});

it.each<[string, readonly (Action | [string, Action])[]]>([
  ['another file', [act('bash', { command: 'rm a.py' }), write('b.py')]],
  ['an action in between', [act('bash', { command: 'rm a.py' }), act('bash', { command: 'ls' }), write('a.py')]],
  [
    'another agent',
    [
      ['one', act('bash', { command: 'rm a.py' })],
      ['two', write('a.py')],
    ],
  ],
  ['more than one file removed', [act('bash', { command: 'rm a.py b.py' }), write('a.py')]],
  ['more done than removing', [act('bash', { command: 'make clean; rm a.py' }), write('a.py')]],
  ['a reading', [act('bash', { command: 'rm a.py' }), act('read_file', { path: 'a.py' })]],
])('does not for %s', (_, actions) => {
  expect(filesOf(...actions)).toEqual([]);
});
