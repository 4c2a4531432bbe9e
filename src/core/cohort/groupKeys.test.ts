import { expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import { groupKey, NOT_RECORDED } from './groupKeys.ts';

const source = { file: 'a.json', format: 'atif' };
const key = (name: string, more: Partial<Omit<Run, 'steps'>>) => groupKey(makeRun([], more).run, source, name);

it('knows what runs are grouped by', () => {
  const run = { model: 'small', agent: 'retail', cohort: { promptVersion: '7', route: 'eu', __proto__: 'x' } };
  expect(['model', 'agent', 'file', 'format', 'prompt version', 'route'].map((name) => key(name, run))).toEqual([
    'small',
    'retail',
    'a.json',
    'atif',
    '7',
    'eu',
  ]);
  expect(key('colour', run)).toBe(NOT_RECORDED);
  expect(key('model', { cohort: { model: 'other' } })).toBe('other');
});

it('tells prompts and tool lists without a version apart by their content', () => {
  const [one, same, other] = ['Be kind.', 'Be kind.', 'Be quick.'].map((systemPrompt) =>
    key('prompt', { systemPrompt }),
  );
  expect(one).toMatch(/^prompt [0-9a-f]{8}$/);
  expect([same === one, other === one]).toEqual([true, false]);
  const schema = { type: 'object' };
  const [a, b] = [{ name: 'a', inputSchema: schema }, { name: 'b' }];
  expect(key('tools', { tools: [a, b] })).toBe(key('tools', { tools: [b, { ...a, description: 'New words' }] }));
  expect(key('tools', { tools: [a] })).not.toBe(key('tools', { tools: [b] }));
  expect(key('tools', {})).toBe(NOT_RECORDED);
  expect(key('prompt', { systemPrompt: 'x', cohort: { prompt_version: 'v2' } })).toBe('v2');
});
