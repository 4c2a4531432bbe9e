import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { openReference, type ReferenceRequest } from './referenceFile.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hindstep-reference-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A tau-bench file of trials: which task, and with what reward. */
function fileOf(...trials: [task: number, trial: number, reward: number][]): string {
  const path = join(folder, 'trials.json');
  const call = (id: string) => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'cancel', arguments: JSON.stringify({ id }) } }],
  });
  const items = trials.map(([task, trial, reward]) => ({
    task_id: task,
    trial,
    reward,
    info: { task: { user_id: 'u', instruction: 'Cancel', actions: [] } },
    traj: [
      { role: 'user', content: 'Cancel it' },
      call(`${task}/${trial}`),
      { role: 'tool', tool_call_id: 'c1', name: 'cancel', content: 'ok' },
    ],
  }));
  writeFileSync(path, JSON.stringify(items));
  return path;
}

async function chosen(path: string, task: string, more: Partial<ReferenceRequest> = {}): Promise<string> {
  const opened = await openReference({ path, ...more });
  if (!opened.ok) return opened.error;
  const { run } = makeRun([], { id: 'mine', cohort: { task } });
  const reference = await opened.value.for(run);
  await opened.value.close();
  return reference.ok ? JSON.stringify(reference.value.calls.map((call) => call.arguments)) : reference.error;
}

describe('openReference', () => {
  it('takes the only run there is, whatever its task', async () => {
    expect(await chosen(fileOf([7, 0, 0]), '1')).toBe('[{"id":"7/0"}]');
  });

  it('takes the run that passed of those with the same task', async () => {
    const path = fileOf([1, 0, 0], [2, 0, 1], [1, 1, 1], [1, 2, 1]);
    expect(await chosen(path, '1')).toBe('[{"id":"1/1"}]');
    expect(await chosen(path, '2')).toBe('[{"id":"2/0"}]');
  });

  it('takes the run that is named', async () => {
    const path = fileOf([1, 0, 0], [2, 0, 1]);
    expect(await chosen(path, '1', { run: '1' })).toBe('[{"id":"2/0"}]');
    expect(await chosen(path, '1', { run: 'task-1/trial-0' })).toBe('[{"id":"1/0"}]');
    expect(await chosen(path, '1', { run: '9' })).toMatch(/there is no run "9"/);
  });

  it('does not guess which run is meant', async () => {
    const path = fileOf([1, 0, 0], [1, 1, 0], [2, 0, 1]);
    expect(await chosen(path, '1')).toMatch(/2 runs have the task of run mine/);
    expect(await chosen(path, '5')).toMatch(/none of its runs has the task of run mine/);
  });

  it('says in a sentence what is no reference', async () => {
    const path = join(folder, 'other.json');
    writeFileSync(path, '{"calls": [{"tool": "a"}], "order": "sorted"}');
    expect(await chosen(path, '1')).toMatch(/other\.json: "order" must be one of/);
    writeFileSync(path, '{"hello": "world"}');
    expect(await chosen(path, '1')).toMatch(/other\.json: /);
  });
});
