import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import type { Reference } from './reference.ts';
import { refToolSelection } from './refToolSelection.ts';

const call = (tool: string, id = 'A-1042'): StepSketch => ({ calls: [{ tool, with: { id }, returns: 'ok' }] });
const expecting = (...tools: string[]): Reference => ({
  from: 'run 0 of good.json',
  order: 'in-order',
  calls: tools.map((tool) => ({
    tools: [tool, ...(tool === 'find_user' ? ['find_user_by_mail'] : [])],
    arguments: {},
  })),
});

function select(sketches: StepSketch[], reference?: Reference) {
  const made = makeRun([{ user: 'Cancel A-1042' }, ...sketches]);
  return judge(refToolSelection, made, contextFor(made.run, undefined, false, reference));
}

describe('ref.tool-selection', () => {
  it('does not look at arguments, order, or reads besides', () => {
    const run = [call('find_user_by_mail'), call('get_order', 'X'), call('get_order'), call('cancel_order', 'X')];
    expect(select(run, expecting('get_order', 'find_user', 'cancel_order'))).toMatchObject({
      status: 'pass',
      score: 1,
    });
  });

  it('never passes a run without calls where some were expected', () => {
    expect(select([{ final: 'Done!' }], expecting('cancel_order'))).toMatchObject({
      status: 'fail',
      score: 0,
      findings: [{ step: 1 }],
    });
    expect(select([{ final: 'Hello' }], expecting())).toMatchObject({ status: 'pass', score: 1 });
    expect(select([{ final: 'Hello' }])).toMatchObject({ status: 'na', score: null });
  });

  it('names the tool that was called in the place of the right one', () => {
    const verdict = select([call('get_order'), call('delete_order')], expecting('get_order', 'cancel_order'));
    expect(verdict).toMatchObject({
      status: 'fail',
      score: 0.5,
      findings: [{ step: 2, message: 'delete_order was called where the reference expects cancel_order.' }],
    });
  });

  it('names the reads that are missing, where they are missing', () => {
    const verdict = select([call('cancel_order')], expecting('get_order', 'get_order', 'cancel_order'));
    expect(verdict.reason).toContain('Not called: get_order (2).');
    expect(verdict.findings.map(({ step, severity }) => [step, severity])).toEqual([
      [1, 'warning'],
      [1, 'warning'],
    ]);
  });

  it('counts changes that were not expected, and warns while most decisions are right', () => {
    expect(select([call('cancel_order'), call('send_payment')], expecting('cancel_order'))).toMatchObject({
      status: 'fail',
      score: 0.5,
      findings: [{ step: 2, message: 'The reference does not expect this call of send_payment.' }],
    });
    const most = ['get_a', 'get_b', 'get_c', 'get_d', 'get_e'];
    expect(
      select(
        most.slice(1).map((tool) => call(tool)),
        expecting(...most),
      ),
    ).toMatchObject({ status: 'warn', score: 0.8 });
  });

  it('lets changes be that a partial reference says nothing of', () => {
    const partial: Reference = { ...expecting('cancel_order'), partial: true };
    expect(select([call('cancel_order'), call('send_payment')], partial)).toMatchObject({ status: 'pass', score: 1 });
  });
});
