import { describe, expect, it } from 'vitest';
import type { Finding } from '../evaluators/verdict.ts';
import type { Material } from './material.ts';
import { suggestCorrections } from './suggest.ts';

const list = (observation: Material['recording'][number]['observation']) => ({
  tool: 'list_orders',
  arguments: { user: 'u-1' },
  observation,
  isError: false,
});

function material(more: Partial<Material>): Material {
  const recording = [list([{ order_id: 'A-1' }, { order_id: 'A-22' }, { order_id: 'A-333' }])];
  return { goal: '', messages: [], tools: [], environment: {}, recording, position: 1, calls: [], ...more };
}

const cancel = { tool: 'cancel_order', arguments: { order_id: 'A-333', reason: 'duplicate' } };

function finding(more: Partial<Finding>): Finding {
  const base = { step: 2, pointer: '', message: '', evidence: [] };
  return { ...base, confidence: 'likely', severity: 'error', ...more };
}

const said = (suggestions: ReturnType<typeof suggestCorrections>) =>
  suggestions.map(({ correction }) => {
    const { kind, ...words } = correction;
    return [kind, ...Object.values(words).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))].join(
      ' ',
    );
  });

describe('for a call', () => {
  it('puts the value that the evidence names first, and guesses after forbidding', () => {
    const suggestions = suggestCorrections(material({ calls: [cancel] }), finding({ expected: 'A-22' }));
    expect(said(suggestions)).toEqual([
      'edit cancel_order {"order_id":"A-22","reason":"duplicate"}',
      'forbid cancel_order {"order_id":"A-333","reason":"duplicate"}',
      'edit cancel_order {"order_id":"A-1","reason":"duplicate"}',
      'askFirst cancel_order',
    ]);
  });

  it('only forbids when nothing else was seen, and offers to look first', () => {
    const tools = [{ name: 'get_order' }, { name: 'delete_order' }];
    const calls = [{ tool: 'cancel_order', arguments: { order_id: 'A-1' } }];
    const suggestions = suggestCorrections(material({ calls, tools, recording: [], position: 0 }), undefined);
    expect(said(suggestions)).toEqual([
      'forbid cancel_order {"order_id":"A-1"}',
      'askFirst cancel_order',
      'require get_order {}',
    ]);
  });

  it('offers to ask first only where nobody was asked', () => {
    const messages: Material['messages'] = [
      { role: 'user', content: 'Cancel it.' },
      { role: 'assistant', content: 'A-333, do you mean?' },
      { role: 'user', content: 'Yes.' },
    ];
    const offered = (more: Partial<Material>) =>
      said(suggestCorrections(material({ calls: [cancel], ...more }), undefined)).includes('askFirst cancel_order');
    expect([offered({ messages: messages.slice(0, 1) }), offered({ messages })]).toEqual([true, false]);
  });

  it('forbids nothing that a test could not tell from a call that was right', () => {
    const bare = { tool: 'list_orders', arguments: {} };
    expect(said(suggestCorrections(material({ calls: [bare] }), undefined))).not.toContain('forbid list_orders {}');
    const again = { tool: 'list_orders', arguments: { user: 'u-1' } };
    expect(said(suggestCorrections(material({ calls: [again] }), undefined))[0]).toBe(
      'forbid list_orders {"user":"u-1"}',
    );
  });

  it('believes the benchmark first, but for what was done already', () => {
    const right = { tool: 'cancel_order', arguments: { order_id: 'A-1', reason: 'duplicate' } };
    const expected = [{ tool: 'refund', arguments: {} }, cancel, right];
    const suggestions = suggestCorrections(material({ calls: [cancel] }), undefined, expected);
    expect(said(suggestions)[0]).toBe('edit cancel_order {"order_id":"A-1","reason":"duplicate"}');
    expect(suggestions[0]?.why).toContain('benchmark');
    const claim = suggestCorrections(material({ message: 'Done!' }), undefined, expected);
    expect(said(claim)).toEqual(['require refund {}', 'mustNotClaim Done']);
  });

  it('takes no value that was seen only after the step', () => {
    const later = { ...list([{ order_id: 'A-99' }]) };
    const suggestions = suggestCorrections(
      material({ calls: [{ tool: 'cancel_order', arguments: { order_id: 'A-1' } }], recording: [later], position: 0 }),
      undefined,
    );
    expect(JSON.stringify(suggestions)).not.toContain('A-99');
  });
});

describe('for a claim', () => {
  const tools = [
    { name: 'send_receipt', inputSchema: { properties: { customer_id: {}, subject: {} }, required: ['customer_id'] } },
    {
      name: 'change_plan',
      inputSchema: {
        properties: { customer_id: {}, plan: { enum: ['Basic', 'Pro'] }, note: {} },
        required: ['customer_id', 'plan'],
      },
    },
    { name: 'list_plans' },
  ];
  const found = { tool: 'find_customer', arguments: {}, observation: { customer_id: 'C-2090' }, isError: false };
  const message = "Done! I've upgraded your account to Pro.";

  it('requires the tool that does such deeds, with what is known', () => {
    const given = material({ goal: 'Upgrade me to Pro', message, tools, recording: [found] });
    const [first] = suggestCorrections(given, undefined);
    expect(first?.correction).toEqual({
      kind: 'require',
      tool: 'change_plan',
      arguments: { customer_id: 'C-2090', plan: 'Pro' },
    });
  });

  it('requires nothing that worked already, and nothing that only reads', () => {
    const done = { tool: 'change_plan', arguments: {}, observation: 'ok', isError: false };
    const given = material({ message, tools, recording: [found, done], position: 2 });
    expect(said(suggestCorrections(given, undefined))).toEqual([
      'require send_receipt {"customer_id":"C-2090"}',
      "mustNotClaim I've upgraded your account to Pro",
    ]);
  });
});
