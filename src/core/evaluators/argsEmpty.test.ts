import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { argsEmpty } from './argsEmpty.ts';
import { contextFor } from './context.ts';

const tools = [
  {
    name: 'cancel',
    inputSchema: {
      type: 'object',
      properties: { order_id: { type: 'string' }, note: { type: ['string', 'null'] }, content: { type: 'string' } },
      required: ['order_id'],
    },
  },
  { name: 'now', inputSchema: { type: 'object', properties: {} } },
];

function verdict(sketches: StepSketch[], declared = true) {
  const made = makeRun(sketches, declared ? { tools } : {});
  return judge(argsEmpty, made, contextFor(made.run));
}

describe(argsEmpty.id, () => {
  it.each([
    {},
    { order_id: '' },
    { order_id: '  ' },
    { order_id: null },
    { order_id: '<order_id>' },
    { order_id: 'TODO' },
  ])('fails %o where the schema requires order_id', (args) => {
    const { status, findings } = verdict([{ calls: [{ tool: 'cancel', with: args, returns: 'ok' }] }]);
    expect(status).toBe('fail');
    expect(findings[0]).toMatchObject({ step: 0, severity: 'error', confidence: 'certain' });
  });

  it('takes the label of an element, whatever it is, for no placeholder', () => {
    const click = { tool: 'click', with: { element: '...' }, target: { element: '...' }, returns: 'ok' };
    expect(verdict([{ calls: [click] }], false).status).toBe('pass');
  });

  it('takes what stands in the place of a secret for no placeholder', () => {
    const find: StepSketch = { calls: [{ tool: 'find', with: { order_id: '<EMAIL_1>' }, returns: 'ok' }] };
    expect(verdict([find], false).status).toBe('pass');
    expect(verdict([find]).status).toBe('pass');
  });

  it('points at the argument, or at all of them when it is absent', () => {
    expect(verdict([{ calls: [{ tool: 'cancel' }] }]).findings[0]?.pointer).toBe('/actions/0/arguments');
    const blank = verdict([{ calls: [{ tool: 'cancel', with: { order_id: '' } }] }]);
    expect(blank.findings[0]?.pointer).toBe('/actions/0/arguments/order_id');
  });

  it('passes arguments that are there, an empty optional one, and a tool that takes none', () => {
    const { status } = verdict([
      { calls: [{ tool: 'cancel', with: { order_id: '1042', note: null, content: '' } }, { tool: 'now' }] },
    ]);
    expect(status).toBe('pass');
  });

  it('without a schema, warns of an empty call only where the same tool has arguments elsewhere', () => {
    const empty: StepSketch = { calls: [{ tool: 'cancel', returns: 'ok' }] };
    expect(verdict([empty], false).status).toBe('na');
    const other = verdict([{ calls: [{ tool: 'cancel', with: { order_id: '1' } }] }, empty], false);
    expect(other).toMatchObject({ status: 'warn', findings: [{ step: 1, severity: 'warning' }] });
  });

  it('does not take what was not recorded, a click on a target or HTML for empty', () => {
    expect(verdict([{ calls: [{ tool: 'cancel', argumentsRecorded: false }] }]).status).toBe('na');
    const clicks = verdict(
      [
        {
          calls: [
            { tool: 'click', with: { n: 1 } },
            { tool: 'click', target: { element: 'Buy' } },
          ],
        },
      ],
      false,
    );
    expect(clicks.findings).toEqual([]);
    const html = verdict([{ calls: [{ tool: 'write', with: { html: '<b>bold</b>' } }] }], false);
    expect(html.findings).toEqual([]);
  });

  it('is not applicable without calls', () => {
    expect(verdict([{ user: 'Hi' }, { final: 'Hello' }]).status).toBe('na');
  });
});
