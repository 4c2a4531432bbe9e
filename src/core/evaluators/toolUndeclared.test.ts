import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { toolUndeclared } from './toolUndeclared.ts';

function verdict(names: string[] | undefined, sketches: StepSketch[]) {
  const made = makeRun(sketches, names === undefined ? {} : { tools: names.map((name) => ({ name })) });
  return judge(toolUndeclared, made, contextFor(made.run));
}

const call = (tool: string, more: object = {}): StepSketch => ({ calls: [{ tool, returns: 'ok', ...more }] });

describe(toolUndeclared.id, () => {
  it('fails a tool that is not in the list, with a hint at the closest', () => {
    const { status, findings } = verdict(['cancel_order', 'get_order'], [call('get_order'), call('cancel_orders')]);
    expect(status).toBe('fail');
    expect(findings).toMatchObject([{ step: 1, pointer: '/actions/0/tool', expected: 'cancel_order' }]);
  });

  it('says how many calls it passed', () => {
    expect(verdict(['get_order'], [call('get_order')]).reason).toBe('The 1 call names a declared tool.');
    expect(verdict(['get_order'], [call('get_order'), call('get_order')]).reason).toBe(
      'All of 2 calls name a declared tool.',
    );
  });

  it.each(['mcp__shop__get_order', 'functions.get_order', 'shop/get_order', 'web_search', 'transfer_to_billing'])(
    'knows %s by its prefix, or as hosted',
    (tool) => {
      expect(verdict(['get_order', 'a', 'b'], [call(tool), call('a')]).status).toBe('pass');
    },
  );

  it('believes an answer that says so, with or without a list', () => {
    const unknown = { calls: [{ tool: 'teleport', fails: 'Error: unknown tool teleport' }] };
    expect(verdict(undefined, [unknown])).toMatchObject({ status: 'fail', findings: [{ confidence: 'certain' }] });
  });

  it('is not fooled by documents about unknown tools', () => {
    const reading = call('read', { returns: 'Chapter 3: Unknown tool errors and how to avoid them' });
    expect(verdict(['read'], [reading]).status).toBe('pass');
  });

  it('takes a list that lacks half of the tools for a list of something else', () => {
    expect(verdict(['a'], [call('b'), call('c')]).status).toBe('na');
  });

  it('adds the tools that a step’s own request declares', () => {
    const request = { tools: [{ type: 'function', function: { name: 'late', parameters: {} } }] };
    expect(verdict(['a'], [call('a'), { ...call('late'), request }]).status).toBe('pass');
  });

  it('is not applicable without a list or without calls', () => {
    expect(verdict(undefined, [call('a')]).status).toBe('na');
    expect(verdict(['a'], [{ final: 'Hi' }]).status).toBe('na');
  });
});
