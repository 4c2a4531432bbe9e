import type { ArgumentOrigin } from '../../src/core/provenance/origin.ts';
import { originsOf } from '../../src/core/provenance/originsOf.ts';
import { ValueIndex } from '../../src/core/provenance/valueIndex.ts';
import type { Json } from '../../src/core/util/json.ts';
import { type MadeRun, makeRun } from './makeRun.ts';

/** Where the arguments of a step came from, in an index of the whole run. */
export async function originsIn(made: MadeRun, at: number): Promise<ArgumentOrigin[]> {
  const step = made.steps[at];
  if (step === undefined) throw new Error('no such step');
  const index = new ValueIndex(made.run);
  for (const each of made.steps) index.add(each);
  return originsOf(step, index, async (number) => made.steps[number] ?? step);
}

/** Where a value came from that is given to a tool after these observations, each of a step of its own from step 2 on. */
export async function originOf(key: string, value: Json, ...given: string[]): Promise<ArgumentOrigin | undefined> {
  const earlier = given.map((returns) => ({ calls: [{ tool: 'look', returns }] }));
  const made = makeRun([{ user: 'Go' }, ...earlier, { calls: [{ tool: 'act', with: { [key]: value } }] }]);
  const [origin] = await originsIn(made, made.steps.length - 1);
  return origin;
}

/** What is told of an origin: its derivation (`direct`, `nowhere`, … where it is none), and the quotes with their steps. */
export async function derivationOf(key: string, value: Json, ...given: string[]): Promise<string> {
  const origin = await originOf(key, value, ...given);
  const quotes = origin?.sources.map(({ step, quote, range, pointer }) => {
    const at = range === undefined ? '?' : given[step - 1]?.slice(range.start, range.end);
    return `${step}:${at === quote && pointer === '/actions/0/observation/content/0/text' ? quote : `not ${quote}`}`;
  });
  return [origin?.derivation ?? origin?.kind, ...(quotes ?? [])].join(' ');
}
