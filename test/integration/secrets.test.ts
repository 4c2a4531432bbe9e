import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/util/json.ts';
import {
  addMasks,
  falseMasks,
  measureRecall,
  noMasks,
  textsToPlantIn,
  tracesFolder,
  wordsOfTraces,
} from '../support/measureSecrets.ts';

const corpus = resolve(import.meta.dirname, '../corpus');
/** Long enough for a busy machine; how long it takes is not what is tested. */
const LONG = 300_000;

async function measured(folder: string) {
  const masks = noMasks();
  const all: Json[] = [];
  for await (const { words } of wordsOfTraces(folder)) {
    await addMasks(masks, words);
    all.push(...words);
  }
  return { masks, recall: await measureRecall(textsToPlantIn(all), 300) };
}

describe('secrets', () => {
  it("are found in texts of the project's own traces, and little else is masked there", { timeout: LONG }, async () => {
    const { masks, recall } = await measured(corpus);
    expect(recall.missed.map(({ secret, position }) => `${secret.kind} as ${position}`)).toEqual([]);
    expect(recall.planted).toBe(300);
    expect(masks.tokens).toBeGreaterThan(10_000);
    expect(falseMasks(masks)).toBeLessThanOrEqual(1);
  });

  const shared = tracesFolder();
  it.skipIf(shared === corpus)(
    'are found in the large collection of traces, and at most one text of 10,000 tokens is masked wrongly (skipped where there is no such collection beside the project)',
    { timeout: LONG },
    async () => {
      const { masks, recall } = await measured(shared);
      expect(1 - recall.missed.length / recall.planted).toBeGreaterThanOrEqual(0.99);
      expect(falseMasks(masks)).toBeLessThanOrEqual(1);
    },
  );
});
