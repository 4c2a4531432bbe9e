import { expect, it } from 'vitest';
import { fakeTrace } from '../../test/support/fakeTrace.ts';
import { makeRun, type StepSketch } from '../../test/support/makeRun.ts';
import { Provenance } from './provenance.ts';

const { signal } = new AbortController();
const COUNT = 3000;
const made = makeRun(
  Array.from(
    { length: COUNT },
    (_, i): StepSketch => ({
      calls: [{ tool: 'get_order', with: { order: `A-${i - 1}x` }, returns: `The next is A-${i}x` }],
    }),
  ),
);

/** A trace that notes which steps are read in order. */
function counted() {
  const trace = fakeTrace(made);
  const read: number[] = [];
  return {
    read,
    trace: {
      ...trace,
      steps: async function* (...range: Parameters<typeof trace.steps>) {
        for await (const step of trace.steps(...range)) {
          read.push(step.index);
          yield step;
        }
      },
    },
  };
}

it('knows all before a step, reads each step once, and goes on ahead', async () => {
  const { trace, read } = counted();
  const provenance = new Provenance();
  const sources = async (step: number) =>
    (await provenance.origins(trace, made.run, step, signal))[0]?.sources.map((source) => source.step);
  expect(await Promise.all([sources(500), sources(20), sources(501)])).toEqual([[499], [19], [500]]);
  expect(await sources(2999)).toEqual([2998]);
  expect(await sources(3)).toEqual([2]);
  expect(read).toEqual([...read.keys()]);
});

it('tells who took a value later, and how far it looked', async () => {
  const { trace } = counted();
  const provenance = new Provenance();
  const { uses, lookedTo } = await provenance.laterUses(trace, made.run, 500, signal);
  expect(lookedTo).toBe(2500);
  expect(uses.map(({ value, usedBy }) => [value, usedBy.map(({ step }) => step)])).toEqual([['A-500x', [501]]]);
  expect(await provenance.laterUses(trace, made.run, 2999, signal)).toEqual({ uses: [], lookedTo: 3000 });
});

it('tells of a step that can’t be read only who needs it, and tries again', async () => {
  const trace = fakeTrace(made);
  let isBroken = true;
  const broken = {
    ...trace,
    steps: async function* (...[run, from = 0, to]: Parameters<typeof trace.steps>) {
      for await (const step of trace.steps(run, from, to)) {
        if (isBroken && step.index === 100) throw new Error('The file is gone.');
        yield step;
      }
    },
  };
  const provenance = new Provenance();
  expect(await provenance.origins(broken, made.run, 50, signal)).toHaveLength(1);
  await expect(provenance.origins(broken, made.run, 200, signal)).rejects.toThrow('gone');
  isBroken = false;
  expect(await provenance.origins(broken, made.run, 200, signal)).toHaveLength(1);
});

it('says of a value that stands nowhere that of a long text before it only the ends were looked at', async () => {
  const filler = 'row '.repeat(600_000);
  const call = (order: string, returns: string): StepSketch => ({ calls: [{ tool: 'get', with: { order }, returns }] });
  const long = makeRun([
    call('A-1x', `A-2x ${filler} A-3x ${filler} A-4x`),
    ...['A-2x', 'A-3x', 'A-4x'].map((id) => call(id, '')),
  ]);
  const provenance = new Provenance();
  const origins = [];
  for (let step = 0; step < 4; step++)
    origins.push(...(await provenance.origins(fakeTrace(long), long.run, step, signal)));
  expect(origins.map(({ kind }) => kind)).toEqual(['nowhere', 'direct', 'nowhere', 'direct']);
  expect(origins[0]?.how).toBeUndefined();
  expect(origins[2]?.how).toBe('though of a long text of step 1 only both ends were looked at');
});
