import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Run } from '../trace/model.ts';
import type { JsonObject } from '../util/json.ts';
import { contextFor } from './context.ts';
import { ORDER_MODES, type OrderMode, type Reference } from './reference.ts';
import { refTrajectoryMatch } from './refTrajectoryMatch.ts';
import type { Verdict } from './verdict.ts';

const call = (tool: string, args: JsonObject = {}): StepSketch => ({ calls: [{ tool, with: args, returns: 'ok' }] });
const asked: StepSketch = { user: 'Cancel A-1042' };
const [find, look, cancel] = [
  call('find_user', { name: 'Ann' }),
  call('get_order', { id: 'A-1042' }),
  call('cancel_order', { id: 'A-1042', reason: 'The user says that it was ordered twice by mistake.' }),
];

const good: Reference = {
  from: 'run 0 of good.json',
  order: 'in-order',
  calls: [
    { tools: ['find_user'], arguments: { name: 'Ann' } },
    { tools: ['get_order'], arguments: { id: 'A-1042' } },
    {
      tools: ['cancel_order'],
      arguments: { id: 'A-1042', reason: 'It was a duplicate, so the user no longer wants it.' },
    },
  ],
};

function match(sketches: StepSketch[], reference?: Reference, more: Partial<Omit<Run, 'steps'>> = {}): Verdict {
  const made = makeRun(sketches, more);
  return judge(
    refTrajectoryMatch,
    made,
    contextFor(made.run, undefined, false, reference ?? contextFor(made.run).reference),
  );
}

describe('ref.trajectory-match', () => {
  it('passes the way of the reference, in other words and with looks besides', () => {
    const verdict = match([asked, find, look, call('get_order', { id: 'A-1050' }), cancel, { final: 'Done' }], good);
    expect(verdict).toMatchObject({ status: 'pass', score: 1, findings: [] });
    expect(verdict.reason).toBe(
      'Against run 0 of good.json (in-order): 3 of 3 expected calls were made (precision 0.75, recall 1.00, F1 0.86).',
    );
  });

  it('is not applicable without a reference, or with one that names no call', () => {
    expect(match([asked, cancel])).toMatchObject({ status: 'na', score: null });
    expect(match([asked, cancel], { ...good, calls: [] })).toMatchObject({ status: 'na', score: null });
  });

  it('takes the calls that the trace expects, and says so', () => {
    const expectedActions = [{ tool: 'cancel_order', arguments: { id: 'A-1042' } }];
    const verdict = match([asked, call('cancel_order', { id: 'A-1050' })], undefined, { expectedActions });
    expect(verdict.reason).toContain("Against the trace's own expected calls");
    expect(verdict).toMatchObject({
      status: 'fail',
      score: 0,
      findings: [
        {
          step: 1,
          pointer: '/actions/0/arguments/id',
          message: 'cancel_order differs in /id: A-1042, got A-1050.',
          expected: '{"id":"A-1042"}',
          actual: '{"id":"A-1050"}',
        },
      ],
    });
  });

  it('points at the first divergence, and warns when only reads diverge', () => {
    const verdict = match([asked, find, cancel], good);
    expect(verdict).toMatchObject({
      status: 'warn',
      findings: [{ step: 2, message: 'The reference expects get_order before this, and it was not called.' }],
    });
    const both = match([asked, call('find_user', { name: 'Bob' }), look], good);
    expect(both.status).toBe('fail');
    expect(both.findings.map(({ step, severity }) => [step, severity])).toEqual([
      [1, 'warning'],
      [2, 'error'],
    ]);
  });

  it('never passes a run without calls, nor counts a call that failed', () => {
    expect(match([asked, { final: 'Done' }], good)).toMatchObject({ status: 'fail', score: 0 });
    const denied: StepSketch = { calls: [{ tool: 'cancel_order', with: { id: 'A-1042' }, fails: 'Error: denied' }] };
    expect(match([asked, find, look, denied], good).status).toBe('fail');
  });

  it('names a call that was made out of order', () => {
    const pay = call('pay_refund', { id: 'A-1042' });
    const reference: Reference = {
      ...good,
      calls: [
        { tools: ['cancel_order'], arguments: { id: 'A-1042' } },
        { tools: ['pay_refund'], arguments: { id: 'A-1042' } },
      ],
    };
    const [finding] = match([asked, pay, call('cancel_order', { id: 'A-1042' })], reference).findings;
    expect(finding?.message).toMatch(
      /^The reference expects \w+ (?:before this|at the end); it was called at step [23]\.$/,
    );
  });

  it.each<[string, StepSketch[], OrderMode[]]>([
    ['the same', [find, look, cancel], [...ORDER_MODES]],
    ['one more', [find, look, cancel, call('send_mail', { to: 'Ann' })], ['in-order', 'superset']],
    ['one less', [find, look], ['subset']],
    ['another order', [look, find, cancel], ['any-order', 'subset', 'superset']],
    ['another order and more', [look, find, cancel, call('get_time')], ['superset']],
  ])('%s passes in the modes that allow it', (_, run, modes) => {
    const passed = ORDER_MODES.filter((order) => match([asked, ...run], { ...good, order }).status === 'pass');
    expect(passed).toEqual(modes);
  });

  it.each<[string, JsonObject, string[]]>([
    ['equal', { id: 'A-1042', reason: 'twice' }, ['exact', 'facts', 'ignore', 'subset', 'superset']],
    ['one more', { id: 'A-1042', reason: 'twice', notify: 'mail' }, ['ignore', 'superset']],
    ['one less', { id: 'A-1042' }, ['facts', 'ignore', 'subset']],
    ['another', { id: 'A-1050', reason: 'twice' }, ['ignore']],
  ])('compares arguments by mode: %s', (_, args, modes) => {
    const reference = (mode: string): Reference => ({
      ...good,
      calls: [{ tools: ['cancel_order'], arguments: { id: 'A-1042', reason: 'twice' } }],
      argumentModes: { '*': 'exact', cancel_order: mode as 'exact' },
    });
    const all = ['exact', 'facts', 'ignore', 'subset', 'superset'];
    expect(all.filter((mode) => match([asked, call('cancel_order', args)], reference(mode)).status === 'pass')).toEqual(
      modes,
    );
  });

  it('does not count the prefix of a server for another tool, and lets tools stand for one another', () => {
    const calls = [{ tools: ['find_user', 'find_user_by_mail'] as const, arguments: { name: 'Ann' } }];
    expect(match([call('mcp__shop__find_user_by_mail', { name: 'Ann' })], { ...good, calls }).status).toBe('pass');
    expect(match([call('find_order', { name: 'Ann' })], { ...good, calls }).status).toBe('warn');
  });

  it('fails a call that the reference forbids, and lets all others be', () => {
    const fixture: Reference = {
      ...good,
      order: 'superset',
      partial: true,
      calls: [],
      forbidden: [{ tools: ['cancel_order'], arguments: { id: 'A-1050' } }],
    };
    expect(match([asked, cancel], fixture).status).toBe('pass');
    expect(match([asked, call('cancel_order', { id: 'A-1050', reason: 'x' })], fixture)).toMatchObject({
      status: 'fail',
      score: 0,
      findings: [{ step: 1, severity: 'error', message: 'The reference forbids this call of cancel_order.' }],
    });
  });
});
