import type { Json } from '../../src/core/util/json.ts';
import {
  addMasks,
  falseMasks,
  measureRecall,
  noMasks,
  textsToPlantIn,
  wordsOfTraces,
} from '../support/measureSecrets.ts';

// `measureSecrets FOLDER`: how many of 300 made secrets redaction finds in texts of the traces of a folder, how much it
// masks in those traces that is no secret, and how quick it is beside JSON.parse. Prints figures, asserts nothing.
const SECRETS = 300;
const masks = noMasks();
const all: Json[] = [];
for await (const { words } of wordsOfTraces(process.argv[2] ?? '.')) {
  await addMasks(masks, words);
  all.push(...words);
}
const { planted, missed } = await measureRecall(textsToPlantIn(all), SECRETS);
for (const { secret, position } of missed) console.log(`missed: ${secret.kind} as ${position}: ${secret.text}`);
console.log(`recall: ${planted - missed.length} of ${planted} (${((1 - missed.length / planted) * 100).toFixed(1)} %)`);
console.table([...masks.byRule].sort((a, b) => b[1] - a[1]).map(([rule, places]) => ({ rule, places })));
console.log(
  `false masks a 10,000 tokens: at most ${falseMasks(masks).toFixed(2)} (${Math.round(masks.tokens)} tokens)`,
);
const mb = masks.characters / 1024 / 1024;
console.log(
  `speed: ${((mb / masks.redaction) * 1000).toFixed(1)} MB/s of processor time, JSON.parse ${((mb / masks.parse) * 1000).toFixed(0)} MB/s: ${(masks.redaction / masks.parse).toFixed(1)} ×`,
);
