import { describe, expect, it } from 'vitest';
import { fakeTrace } from '../../../test/support/fakeTrace.ts';
import { makeRun } from '../../../test/support/makeRun.ts';
import type { JsonObject } from '../util/json.ts';
import { compareRuns } from './compareRuns.ts';
import { pairedTexts } from './pairedTexts.ts';
import { partingSentence } from './partingSentence.ts';

type Made = readonly [tool: string, args: JsonObject, returns?: string];

const run = (final: string, ...calls: Made[]) => {
  const made = makeRun([
    { user: 'Do it' },
    ...calls.map(([tool, args, returns = 'ok']) => ({ calls: [{ tool, with: args, returns }] })),
    { final },
  ]);
  return [fakeTrace(made), made.run] as const;
};

const good = run(
  'Done.',
  ['list', {}],
  ['cancel', { order: 'A-1', token: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789' }],
);
const bad = run('Done.', ['find', {}], ['list', {}], ['cancel', { order: 'A-2' }, 'cancelled']);

describe('two runs side by side', () => {
  it('part where their calls do', async () => {
    expect(partingSentence(await compareRuns(good, good))).toBe(
      'Both make the same calls, and say the same at the end.',
    );
    const other = run(
      'Finished.',
      ['list', {}],
      ['cancel', { order: 'A-1', token: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789' }],
    );
    expect(partingSentence(await compareRuns(good, other))).toMatch(/same calls; what they say at the end differs/);
    expect(partingSentence(await compareRuns(bad, good))).toBe('They part at step 2: only the first calls find there.');
    expect(partingSentence(await compareRuns(good, bad))).toBe(
      'They part where the second calls find, in its step 2; the first does not.',
    );
    const wrong = run('Done.', ['list', {}], ['cancel', { order: 'A-9' }]);
    const right = run('Done.', ['list', {}], ['cancel', { order: 'A-1' }]);
    expect(partingSentence(await compareRuns(wrong, right))).toBe(
      'They part at step 3: cancel differs in /order: A-9, got A-1.',
    );
  });

  it('are two texts in which the same call stands under the same heading, without credentials', async () => {
    const { left, right } = await pairedTexts(await compareRuns(good, bad), good, bad);
    expect(left.split('\n')).toEqual([
      ...['━━ step 2 │ step 3', 'list', '→', 'ok', ''],
      ...['━━ step 3 │ step 4', 'cancel', '  order: "A-1"', expect.stringMatching(/^ {2}token: "•/), '→', 'ok', ''],
      ...['━━ at the end', 'Done.', ''],
    ]);
    expect(right.split('\n')).toEqual([
      ...['━━ – │ step 2', 'find', '→', 'ok', ''],
      ...['━━ step 2 │ step 3', 'list', '→', 'ok', ''],
      ...['━━ step 3 │ step 4', 'cancel', '  order: "A-2"', '→', 'cancelled', ''],
      ...['━━ at the end', 'Done.', ''],
    ]);
  });

  it('are no runs at all', async () => {
    const none = run('');
    const compared = await compareRuns(none, none);
    expect([compared.aligned, await pairedTexts(compared, none, none)]).toEqual([[], { left: '', right: '' }]);
  });
});
