import { describe, expect, it } from 'vitest';
import { parsePolicy, toolPolicy } from './policy.ts';

describe('parsePolicy', () => {
  it('reads JSON with comments and trailing commas', () => {
    const { policy, problems } = parsePolicy(`{
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

  it('says on which line what is wrong, and keeps the rest', () => {
    const { policy, problems } = parsePolicy(`{
  "tools": {
    "a": { "effect": "dangerous" },
    "b": { "effect": "read" },
    "c": 3
  },
  "alow": [],
  "deny": "x"
}`);
    expect(policy.tools).toEqual({ a: {}, b: { effect: 'read' }, c: {} });
    expect(problems.map(({ line }) => line)).toEqual([3, 5, 7, 8]);
    expect(problems[0]?.message).toContain('read, write, irreversible');
  });

  it.each(['', '[]', '{"tools": ', 'null'])('never throws, and gives an empty policy for %o', (text) => {
    expect(parsePolicy(text).policy).toEqual({ tools: {} });
  });

  it('takes hostile names for data', () => {
    const { policy } = parsePolicy('{"tools": {"__proto__": {"effect": "read"}}}');
    expect(toolPolicy(policy, 'toString')).toBeUndefined();
    expect(toolPolicy(policy, 'anything')).toBeUndefined();
  });
});
