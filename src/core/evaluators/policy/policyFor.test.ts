import { expect, it } from 'vitest';
import type { PolicyFile } from './policy.ts';
import { policyFor } from './policyFor.ts';

const file: PolicyFile = {
  tools: { pay: { effect: 'irreversible', requiresApproval: true }, list: { effect: 'read' } },
  deny: ['drop'],
  budgets: { steps: 10, cost: 1 },
  evaluators: { 'loop.cycle': { threshold: 4 } },
  overrides: [
    {
      files: ['staging/**', '*.draft.json'],
      tools: { pay: { requiresApproval: false }, toss: {} },
      budgets: { steps: 99 },
    },
    { files: ['staging/nightly/*'], deny: [], evaluators: { 'loop.cycle': { severity: 'off' } } },
  ],
};

it('holds everywhere but for its overrides', () => {
  const { overrides, ...base } = file;
  expect(policyFor(file, 'production/a.json')).toEqual(base);
  expect(policyFor({}, 'a.json')).toEqual({});
});

it('adds what matches, later ones stronger', () => {
  expect(policyFor(file, 'staging/.deep/a.json')).toEqual({
    tools: { pay: { effect: 'irreversible', requiresApproval: false }, list: { effect: 'read' }, toss: {} },
    deny: ['drop'],
    budgets: { steps: 99, cost: 1 },
    evaluators: { 'loop.cycle': { threshold: 4 } },
  });
  expect(policyFor(file, 'a.draft.json').budgets).toEqual({ steps: 99, cost: 1 });
  expect(policyFor(file, 'staging/nightly/a.json')).toMatchObject({
    deny: [],
    budgets: { steps: 99 },
    evaluators: { 'loop.cycle': { threshold: 4, severity: 'off' } },
  });
});

it('takes hostile names for data', () => {
  const hostile = JSON.parse(
    '{"tools": {"a": {}}, "overrides": [{"files": ["**"], "tools": {"__proto__": {"effect": "read"}}}]}',
  );
  const { tools } = policyFor(hostile, 'a.json');
  expect(Object.keys(tools ?? {})).toEqual(['a', '__proto__']);
  expect(tools?.b).toBeUndefined();
});
