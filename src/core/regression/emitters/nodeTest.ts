import type { Emitter } from './emitter.ts';
import { esmHelper, javascriptTest } from './javascript.ts';

/** Node's own test runner. */
export const nodeTest: Emitter = {
  id: 'node-test',
  helperFor: esmHelper,
  fileNameOf: (slug) => `${slug}.test.mjs`,
  emit: (input) =>
    javascriptTest(input, {
      imports: ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"],
      assertion: 'assert.deepEqual(problems, []);',
    }),
};
