import { expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../test/support/fixtureFile.ts';
import { openTrace } from '../../core/formats/openTrace.ts';
import type { Fixture, FixtureCall, FixtureMessage } from '../../core/regression/fixture.ts';
import { callLines } from '../../core/regression/results/callLines.ts';
import { textSource } from '../../core/source/byteSource.ts';
import type { FixtureRun } from './runFixtures.ts';
import { runTraceOf } from './runTrace.ts';

const list: FixtureCall = { tool: 'list_orders', arguments: {} };
const cancel = (order_id: string): FixtureCall => ({ tool: 'cancel_order', arguments: { order_id } });

/** A conversation in which calls were made and answered, one after the other. */
function conversation(calls: readonly FixtureCall[], text?: string): FixtureMessage[] {
  const made = calls.flatMap(({ tool, arguments: args }, i): FixtureMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `c${i}`, name: tool, arguments: args }] },
    { role: 'tool', toolCallId: `c${i}`, content: 'ok' },
  ]);
  const said: FixtureMessage[] = text === undefined ? [] : [{ role: 'assistant', content: text }];
  return [{ role: 'user', content: 'Cancel my duplicate order.' }, ...made, ...said];
}

function runOf(fixture: Fixture, made: readonly FixtureCall[], messages?: readonly FixtureMessage[]): FixtureRun {
  return {
    path: 'f',
    id: 'f',
    title: 't',
    outcome: 'regression',
    by: 'vitest',
    duration: 0,
    problems: [],
    output: '',
    fixtureFile: '/f.fixture.json',
    test: { fixtureFile: '', fixture, testFile: '', runner: 'vitest', workspaceFolder: '', tells: true },
    made,
    calls: callLines(fixture, made),
    ...(messages && { messages }),
  };
}

/** The tools that are called at the step to which the trace is opened. */
async function shown(run: FixtureRun): Promise<string[] | undefined> {
  const trace = await runTraceOf(run);
  if (trace === undefined) return undefined;
  const opened = await openTrace(textSource('run.json', trace.text));
  const found = opened.ok ? opened.value.trace.runs.find(({ id }) => id === trace.run) : undefined;
  if (!opened.ok || found === undefined) throw new Error('It does not open.');
  const tools: string[] = [];
  for await (const step of opened.value.steps(found)) {
    if (step.index === trace.step)
      tools.push(step.kind, ...step.actions.map((a) => `${a.tool} ${a.arguments.order_id}`));
  }
  return tools;
}

it('opens a replay at the call that should not have been, also when it was ended there and never answered', async () => {
  const made = [list, cancel('A-1050')];
  const step = [expect.any(String), 'cancel_order A-1050'];
  expect(await shown(runOf(DUPLICATE_ORDER, made, conversation(made, 'Done.')))).toEqual(step);
  expect(await shown(runOf(DUPLICATE_ORDER, made, conversation([list])))).toEqual(step);
});

it('opens a decision behind what was recorded before it', async () => {
  const fixture: Fixture = { ...DUPLICATE_ORDER, mode: 'decision-point' };
  const run = runOf(fixture, [cancel('A-1050')], conversation([list]));
  expect(await shown(run)).toEqual([expect.any(String), 'cancel_order A-1050']);
});

it('opens one that holds at its decision, and one that did too little at its end', async () => {
  const made = [list, cancel('A-1042')];
  expect(await shown(runOf(DUPLICATE_ORDER, made, conversation(made, 'Done.')))).toEqual([
    expect.any(String),
    'cancel_order A-1042',
  ]);
  expect(await shown(runOf(DUPLICATE_ORDER, [list], conversation([list], 'Nothing to do.')))).toEqual([
    expect.any(String),
  ]);
});

it('has nothing to show where no agent was run', async () => {
  expect(await shown(runOf(DUPLICATE_ORDER, [cancel('A-1050')]))).toBeUndefined();
});
