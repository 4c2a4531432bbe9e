import helperSource from '../helpers/hindstep-replay.mjs?raw';
import type { Emitter } from './emitter.ts';
import { javascriptTest } from './javascript.ts';

/** Node's own test runner. */
export const nodeTest: Emitter = {
  id: 'node-test',
  helperName: 'hindstep-replay.mjs',
  helperSource,
  fileNameOf: (slug) => `${slug}.test.mjs`,
  emit: (input) =>
    javascriptTest(input, {
      imports: ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"],
      assertion: 'assert.deepEqual(problems, []);',
    }),
};
