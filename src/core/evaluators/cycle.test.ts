import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { contextFor } from './context.ts';
import { cycle } from './cycle.ts';

const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(cycle, made, contextFor(made.run));
};
const call = (tool: string, returns = 'same', more: StepSketch = {}): StepSketch => ({
  calls: [{ tool, with: { q: tool }, returns }],
  ...more,
});
const laps = (n: number, ...tools: string[]) => Array.from({ length: n }, () => tools.map((tool) => call(tool))).flat();

describe('loop.cycle', () => {
  it.each([2, 3, 4, 5])('finds a cycle of period %i and points at its second lap', (period) => {
    const tools = ['search', 'read', 'click', 'scroll', 'back'].slice(0, period);
    const verdict = verdictOf(call('start'), ...laps(3, ...tools), call('end'));
    expect(verdict).toMatchObject({ status: 'warn', findings: [{ step: 1 + period, actual: '3 laps' }] });
  });

  it('reports a long cycle once, with its laps', () => {
    expect(verdictOf(...laps(8, 'search', 'read'))).toMatchObject({ findings: [{ step: 2, actual: '8 laps' }] });
  });

  it.each<[string, StepSketch[]]>([
    ['two laps', [...laps(2, 'search', 'read'), call('other'), call('end')]],
    [
      'paging by a button',
      [1, 2, 3, 4].flatMap((page) => [call('next', `page ${page}`), call('read', `text ${page}`)]),
    ],
    ['waiting and looking', [1, 2, 3, 4].flatMap(() => [call('wait'), call('screenshot')])],
    ['the same call only', laps(7, 'search')],
  ])('passes %s', (_, sketches) => {
    expect(verdictOf(...sketches)).toMatchObject({ status: 'pass', findings: [] });
  });

  it('does not mix branches: fan-out to three sub-agents is no cycle', () => {
    const agent = (name: string): StepSketch[] =>
      laps(1, 'search', 'read').map((s) => ({ ...s, parent: 0, agent: name, depth: 1 }));
    expect(verdictOf({ says: 'go', end: 7 }, ...agent('a'), ...agent('b'), ...agent('c')).status).toBe('pass');
  });

  it('finds a label that comes three times in a row with the same calls, but not a label alone', () => {
    const labelled = (returns: string, q: string): StepSketch => ({
      label: 'lookup',
      calls: [{ tool: 'get', with: { q }, returns }],
    });
    expect(verdictOf(labelled('1', 'a'), labelled('2', 'a'), labelled('3', 'a'))).toMatchObject({
      status: 'warn',
      findings: [{ step: 1 }],
    });
    expect(verdictOf(labelled('1', 'a'), labelled('1', 'b'), labelled('1', 'c')).findings).toEqual([]);
  });

  it('does not judge fewer than six actions', () => {
    expect(verdictOf(...laps(2, 'search', 'read')).status).toBe('na');
  });
});
