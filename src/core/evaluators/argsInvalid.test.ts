import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun } from '../../../test/support/makeRun.ts';
import type { JsonObject } from '../util/json.ts';
import { argsInvalid } from './argsInvalid.ts';
import { contextFor } from './context.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    count: { type: 'integer', minimum: 1 },
    kind: { enum: ['a', 'b'] },
    items: { type: 'array', items: { $ref: '#/$defs/item' } },
  },
  required: ['id'],
  $defs: { item: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
};

function verdict(call: CallSketch, inputSchema: JsonObject | undefined = schema) {
  const made = makeRun([{ user: 'Go' }, { calls: [call] }], {
    tools: [{ name: 'save', ...(inputSchema !== undefined && { inputSchema }) }],
  });
  return judge(argsInvalid, made, contextFor(made.run));
}

describe(argsInvalid.id, () => {
  it.each<[JsonObject, string, string]>([
    [{ id: 5 }, '/actions/0/arguments/id', 'error'],
    [{ id: 'x', count: 0 }, '/actions/0/arguments/count', 'error'],
    [{ id: 'x', count: '3' }, '/actions/0/arguments/count', 'warning'],
    [{ id: 'x', kind: 'c' }, '/actions/0/arguments/kind', 'error'],
    [{ id: 'x', items: [{ name: 'n' }, {}] }, '/actions/0/arguments/items/1', 'error'],
    [{ count: 1 }, '/actions/0/arguments', 'error'],
    [{ id: 'x', more: 1 }, '/actions/0/arguments/more', 'information'],
  ])('finds what is wrong with %o at %s', (args, pointer, severity) => {
    const { findings } = verdict({ tool: 'save', with: args });
    expect(findings.map((finding) => [finding.pointer, finding.severity])).toEqual([[pointer, severity]]);
  });

  it('passes what fits, and says so of extra keys too', () => {
    expect(verdict({ tool: 'save', with: { id: 'x', count: 2, kind: 'a', items: [{ name: 'n' }] } }).status).toBe(
      'pass',
    );
    expect(verdict({ tool: 'save', with: { id: 'x', more: 1 } }).status).toBe('pass');
    const closed = { ...schema, additionalProperties: false };
    expect(verdict({ tool: 'save', with: { id: 'x', more: 1 } }, closed).status).toBe('fail');
  });

  it('names the choice once, not each option that did not fit', () => {
    const choice = { type: 'object', properties: { v: { anyOf: [{ type: 'number' }, { type: 'null' }] } } };
    const { findings } = verdict({ tool: 'save', with: { v: 'x' } }, choice);
    expect(findings).toHaveLength(1);
  });

  it('fails text that is no JSON', () => {
    const call = { tool: 'save', rawArguments: '{"id": ', argumentsProblem: 'it ends too early.' };
    expect(verdict(call)).toMatchObject({ status: 'fail', findings: [{ pointer: '/actions/0/rawArguments' }] });
  });

  it('finds the schema under a server’s prefix', () => {
    expect(verdict({ tool: 'mcp__store__save', with: { id: 5 } }).status).toBe('fail');
  });

  it('is not applicable without a schema, with a broken one, or without recorded arguments', () => {
    const made = makeRun([{ calls: [{ tool: 'save', with: { id: 5 } }] }]);
    expect(judge(argsInvalid, made, contextFor(made.run)).status).toBe('na');
    expect(verdict({ tool: 'save', with: { id: 5 } }, { $ref: '#/$defs/missing' }).status).toBe('na');
    expect(verdict({ tool: 'save', argumentsRecorded: false }).status).toBe('na');
  });

  it('knows the type names of other languages', () => {
    const python = { type: 'dict', properties: { n: { type: 'int' }, any: { type: 'Thing' } } };
    expect(verdict({ tool: 'save', with: { n: 1, any: {} } }, python).status).toBe('pass');
    expect(verdict({ tool: 'save', with: { n: 'x' } }, python).status).toBe('fail');
  });

  it('is not held up by a pattern that a trace brings', () => {
    const slow = { type: 'object', properties: { id: { type: 'string', pattern: '^(a+)+$' } } };
    expect(verdict({ tool: 'save', with: { id: `${'a'.repeat(40)}!` } }, slow).status).toBe('pass');
  });
});
