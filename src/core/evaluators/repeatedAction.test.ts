import { describe, expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { repeatedAction } from './repeatedAction.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(repeatedAction, made, contextFor(made.run));
};
const call = (tool: string, args: CallSketch['with'], returns = 'same'): StepSketch => ({
  calls: [{ tool, with: args ?? {}, returns }],
});
const get = call('get_order', { id: 7, view: 'all' });
const noise = call('list_items', { page: 1 });

describe('loop.repeated-action', () => {
  it('warns at the second equal call and fails at the third', () => {
    expect(verdictOf(get, get)).toMatchObject({ status: 'warn', findings: [{ step: 1, severity: 'warning' }] });
    const third = verdictOf(get, noise, get, get);
    expect(third).toMatchObject({ status: 'fail', findings: [{ step: 3, severity: 'error' }] });
    expect(third.findings[0]?.evidence.map(({ step }) => step)).toEqual([0, 2]);
    expect(third.reason).toContain('2 of 4 actions repeat');
  });

  it('warns when the next call differs only in how it was written, and never calls that an error', () => {
    const again = verdictOf(get, call('get_order', { id: '7', view: 'all' }), call('get_order', { id: 7 }), get);
    expect(again).toMatchObject({ status: 'warn', findings: [{ step: 1, severity: 'warning' }] });
    expect(again.findings[0]?.message).toContain('nearly the same arguments');
    expect(verdictOf(get, noise, call('get_order', { id: '7', view: 'all' })).status).toBe('pass');
    expect(verdictOf(get, call('get_order', { id: '7', view: 'all' }, 'another answer')).status).toBe('pass');
  });

  const remove = call('bash', { command: 'rm /app/try.py' }, '');
  const write = (path: string, text: string) => call('write_file', { path, text }, 'done');
  const anew = (text: string) => [remove, write('/app/try.py', text), call('bash', { command: 'python try.py' }, text)];

  it('warns when a file is removed and written anew for the third time', () => {
    const loop = verdictOf(...anew('a'), ...anew('b'), ...anew('c'));
    expect(loop).toMatchObject({
      status: 'warn',
      findings: [{ step: 6, severity: 'warning', evidence: [{ step: 7 }] }],
    });
    expect(loop.findings[0]?.message).toBe('"/app/try.py" was removed and at once written anew 3 times.');
    expect(verdictOf(...anew('a'), ...anew('b')).status).toBe('pass');
  });

  it('counts each file by itself', () => {
    const other = (name: string) => [call('bash', { command: `rm ${name}` }, ''), write(name, name)];
    expect(verdictOf(...other('a.py'), ...other('b.py'), ...other('c.py')).status).toBe('pass');
  });

  it('does not mind the order of the argument keys', () => {
    expect(verdictOf(get, call('get_order', { view: 'all', id: 7 })).status).toBe('warn');
  });

  it.each<[string, StepSketch[]]>([
    ['paging', [call('list', { cursor: 'a' }), call('list', { cursor: 'b' }), call('list', { cursor: 'c' })]],
    [
      'a next page by the same call',
      [call('next', { n: 1 }, 'p1'), call('next', { n: 1 }, 'p2'), call('next', { n: 1 }, 'p3')],
    ],
    ['a read after a write', [get, call('update_order', { id: 7, note: 'x' }), get]],
    [
      'a test run after an edit',
      [
        call('bash', { command: 'pytest' }),
        call('edit_file', { path: 'a', text: 'b' }),
        call('bash', { command: 'pytest' }),
      ],
    ],
    [
      'clicks of which nothing came back',
      [1, 2, 3].map(() => ({ calls: [{ tool: 'click', with: { element: '+' }, target: { element: '+' } }] })),
    ],
    ['waiting', [call('wait', { s: 5 }), call('wait', { s: 5 }), call('wait', { s: 5 })]],
    ['screenshots', [call('screenshot', {}), call('screenshot', {}), call('screenshot', {})]],
    ['calls without arguments', [call('list_tabs', {}), call('list_tabs', {})]],
    [
      'fan-out in one decision',
      [
        {
          calls: [
            { tool: 'get', with: { a: 1 }, returns: 'x' },
            { tool: 'get', with: { a: 1 }, returns: 'x' },
          ],
        },
      ],
    ],
    [
      'sibling sub-agents',
      [
        { says: 'go', end: 3 },
        { ...get, parent: 0, agent: 'a', depth: 1 },
        { ...get, parent: 0, agent: 'b', depth: 1 },
      ],
    ],
  ])('passes %s', (_, sketches) => {
    expect(verdictOf(...sketches)).toMatchObject({ status: 'pass', findings: [] });
  });

  it('does not claim that answers were the same that are not recorded', () => {
    const silent: StepSketch = { calls: [{ tool: 'get_order', with: { id: 7 } }] };
    expect(verdictOf(silent, silent).findings[0]?.message).toBe(
      'get_order was called 2 times with the same arguments, with nothing changed in between; what it answered is not recorded.',
    );
  });

  it('still counts repeats that are no fault', () => {
    expect(verdictOf(get, call('update_order', { id: 7, note: 'x' }), get).reason).toBe(
      '1 of 3 actions repeats an earlier one.',
    );
  });

  it('does not judge fewer than two actions, or actions without recorded arguments', () => {
    const unknown: StepSketch = { calls: [{ tool: 'get', argumentsRecorded: false, returns: 'x' }] };
    expect(verdictOf(get).status).toBe('na');
    expect(verdictOf(unknown, unknown, unknown).status).toBe('na');
  });
});
