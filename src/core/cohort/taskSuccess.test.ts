import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { passHats, Tasks } from './taskSuccess.ts';

describe('passHats', () => {
  it('is the mean over tasks of C(c, k) / C(n, k)', () => {
    const found = passHats([
      { trials: 4, passed: 4 },
      { trials: 4, passed: 2 },
      { trials: 4, passed: 0 },
    ]);
    expect(found.map(({ k, value, tasks }) => [k, Number(value.toFixed(4)), tasks])).toEqual([
      [1, 0.5, 3],
      // 2 of 4 passed: 1 of the 6 pairs.
      [2, 0.3889, 3],
      [3, 0.3333, 3],
      [4, 0.3333, 3],
    ]);
  });

  it('leaves tasks out that have too few trials, and gives no error of one task', () => {
    const found = passHats([
      { trials: 1, passed: 1 },
      { trials: 2, passed: 1 },
    ]);
    expect(found).toEqual([
      { k: 1, value: 0.75, tasks: 2, error: expect.closeTo(0.25) },
      { k: 2, value: 0, tasks: 1 },
    ]);
    expect(passHats([])).toEqual([]);
  });
});

describe('Tasks', () => {
  const trial = (task: string, number: string, status: 'passed' | 'failed' | 'unknown') =>
    makeRun([], { cohort: { task, trial: number }, outcome: { status } }).run;

  it('counts trials of a task over files', () => {
    const tasks = new Tasks();
    tasks.add(trial('7', '0', 'passed'), 'a.json');
    tasks.add(trial('7', '1', 'failed'), 'b.json');
    tasks.add(trial('7', '2', 'unknown'), 'b.json');
    expect(tasks.finish()).toMatchObject([
      { k: 1, value: 0.5, tasks: 1 },
      { k: 2, value: 0, tasks: 1 },
    ]);
  });

  it('takes the same trial in another file for one of another task', () => {
    const tasks = new Tasks();
    for (const file of ['retail.json', 'airline.json']) {
      for (const number of ['0', '1'])
        tasks.add(trial('0', number, file === 'retail.json' ? 'passed' : 'failed'), file);
    }
    expect(tasks.finish()).toMatchObject([
      { k: 1, value: 0.5, tasks: 2 },
      { k: 2, value: 0.5, tasks: 2 },
    ]);
  });

  it('tells tasks without a name by what was asked, and runs without outcome are no trials', () => {
    const tasks = new Tasks();
    tasks.add(makeRun([{ user: 'Cancel it' }], { outcome: { status: 'passed' } }).run, 'a.json');
    tasks.add(makeRun([{ user: 'Cancel it' }], { outcome: { status: 'passed' } }).run, 'b.json');
    tasks.add(makeRun([{ user: 'Cancel it' }]).run, 'c.json');
    expect(tasks.finish()).toMatchObject([
      { k: 1, tasks: 1 },
      { k: 2, value: 1, tasks: 1 },
    ]);
  });
});
