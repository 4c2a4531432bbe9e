import { resolve } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { policySchema, readPolicy } from './readPolicy.ts';
import { toolPolicy } from './toolPolicy.ts';

const problemsOf = (text: string) => readPolicy(text).problems;

describe('readPolicy', () => {
  it('reads JSON with comments and trailing commas', () => {
    const { policy, problems } = readPolicy(`{
      "$schema": "./policy.schema.json",
      // what we know better
      "tools": { "archive": { "effect": "irreversible", "requiresApproval": true, "inverse": "restore" }, },
      "deny": ["drop_all"],
    }`);
    expect(problems).toEqual([]);
    expect(policy).toEqual({
      tools: { archive: { effect: 'irreversible', requiresApproval: true, inverse: 'restore' } },
      deny: ['drop_all'],
    });
    expect(toolPolicy(policy, 'mcp__store__archive')?.inverse).toBe('restore');
  });

  it('reads every field', () => {
    const { policy, problems } = readPolicy(`{
      "tools": { "refund": {
        "requiresReversal": true, "openWorld": false, "mostCalls": 1,
        "after": [{ "anyOf": ["get_order"], "same": ["order_id"] }],
        "arguments": { "/items/0": { "required": true, "matches": "^A-", "notMatches": "x", "oneOf": ["A-1"], "notOneOf": [2], "min": 0, "max": 9 } }
      } },
      "allow": ["refund"],
      "hosts": { "allow": ["*.example.com"], "deny": ["evil.example"] },
      "toolList": [{ "function": { "name": "f", "parameters": { "type": "object" } } }, { "name": "g", "input_schema": {} }],
      "stop": { "tools": ["submit"], "labels": ["__end__"], "texts": ["^###STOP###"] },
      "budgets": { "cost": 1.5, "tokens": 1e5, "steps": 50, "duration": 60000, "actionLatency": 1000, "repeats": 2 },
      "prices": { "small": { "input": 0.1, "output": 0.4, "cached": 0.05 } },
      "evaluators": { "loop.cycle": "off", "run.tool-success-rate": { "threshold": 0.9, "severity": "error" }, "ours": "warning" },
      "overrides": [{ "files": ["staging/**"], "deny": [] }]
    }`);
    expect(problems).toEqual([]);
    expect(policy.tools?.refund?.arguments?.['/items/0']).toEqual({
      required: true,
      matches: /^A-/u,
      notMatches: /x/u,
      oneOf: ['A-1'],
      notOneOf: [2],
      min: 0,
      max: 9,
    });
    expect(policy.toolList).toEqual([
      { name: 'f', inputSchema: { type: 'object' } },
      { name: 'g', inputSchema: {} },
    ]);
    expect(policy.evaluators).toEqual({
      'loop.cycle': { severity: 'off' },
      'run.tool-success-rate': { threshold: 0.9, severity: 'error' },
      ours: { severity: 'warning' },
    });
    expect(policy).toMatchObject({
      hosts: { allow: ['*.example.com'] },
      stop: { texts: [/^###STOP###/u] },
      budgets: { actionLatency: 1000 },
      prices: { small: { cached: 0.05 } },
      overrides: [{ files: ['staging/**'], deny: [] }],
    });
  });

  it('says at which line and column what is wrong, and keeps the rest', () => {
    const { policy, problems } = readPolicy(`{
  "tools": {
    "a": { "effect": "dangerous" },
    "b": { "effect": "read", "mostCalls": -1 },
    "c": 3
  },
  "alow": [],
  "deny": ["x", 3]
}`);
    expect(policy).toEqual({ tools: { a: {}, b: { effect: 'read' } }, deny: ['x'] });
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 22],
      [4, 43],
      [5, 10],
      [7, 3],
      [8, 17],
    ]);
    expect(problems[0]?.message).toBe('"effect" must be one of "read", "write", "irreversible".');
    expect(problems[3]?.message).toContain('"alow" means nothing here; there are "tools", "deny", "allow"');
  });

  it.each([
    ['{"tools": {"a": {"arguments": {"x": {"matches": "(a+)+$"}}}}}', 'repeats a repetition'],
    ['{"tools": {"a": {"arguments": {"x": {"matches": "("}}}}}', 'Invalid regular expression'],
    ['{"evaluators": {"loop.cicle": "off"}}', 'There is no evaluator "loop.cicle"; there are "loop.repeated-action"'],
    ['{"evaluators": {"loop.cycle": "of"}}', '"loop.cycle" must be one of "off"'],
    ['{"evaluators": {"action.tool-failed": {"threshold": 3}}}', 'has no threshold'],
    ['{"toolList": [{"title": "x"}]}', 'must be an object with a "name"'],
    ['{"deny": [], "deny": ["a"]}', 'stands here twice'],
    ['{"deny": "x"}', '"deny" must be a list of tool names'],
    ['[]', 'must be an object'],
    ['', 'no JSON here (ValueExpected)'],
    ['{"deny": ["a"', 'no JSON here (CloseBracketExpected)'],
  ])('says what is wrong with %s', (text, words) => {
    expect(problemsOf(text).map(({ message }) => message)).toContainEqual(expect.stringContaining(words));
  });

  it.each(['', '[]', '{"tools": ', 'null', '['.repeat(100_000), `{"toolList": ${'[{"name":'.repeat(20_000)}`])(
    'never throws, and gives an empty policy for %#',
    (text) => {
      const { policy, problems } = readPolicy(text);
      expect(policy).toEqual({});
      expect(problems.length).toBeGreaterThan(0);
    },
  );

  it('takes hostile names for data', () => {
    const { policy } = readPolicy(
      '{"tools": {"__proto__": {"effect": "read"}}, "toolList": [{"name": "a", "__proto__": {}}]}',
    );
    expect(toolPolicy(policy, 'toString')).toBeUndefined();
    expect(toolPolicy(policy, 'anything')).toBeUndefined();
    expect(toolPolicy(policy, '__proto__')).toEqual({ effect: 'read' });
  });
});

describe('media/schemas/policy.schema.json', () => {
  // `npx vitest run src/core/evaluators/policy -u` writes it again.
  it('is made of the same fields as the reader', async () => {
    const path = resolve(import.meta.dirname, '../../../../media/schemas/policy.schema.json');
    await expect(`${JSON.stringify(policySchema(), null, 2)}\n`).toMatchFileSnapshot(path);
  });

  it.each([
    ['{"evaluators": {"loop.cycle": "off", "ours": {"severity": "error"}}, "deny": ["a"]}', true],
    ['{"evaluators": {"loop.cicle": "off"}}', false],
    ['{"alow": []}', false],
    ['{"tools": {"a": {"effect": "dangerous"}}}', false],
    ['{"tools": {"a": {"arguments": {"x": {"oneOf": [1, "b"], "max": 3}}}}, "overrides": [{"files": ["*"]}]}', true],
  ])('judges %s as the reader does', (text, isRight) => {
    const schema = new Validator(policySchema() as Schema, '7').validate(JSON.parse(text)).valid;
    expect([schema, problemsOf(text).length === 0]).toEqual([isRight, isRight]);
  });
});
