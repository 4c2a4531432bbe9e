import type { Emitter } from './emitter.ts';
import { esmHelper, javascriptTest } from './javascript.ts';

/** Vitest. The test is plain JavaScript in TypeScript workspaces too, because its helper has no types. */
export const vitest: Emitter = {
  id: 'vitest',
  helperFor: esmHelper,
  fileNameOf: (slug) => `${slug}.test.js`,
  emit: (input) =>
    javascriptTest(input, {
      imports: ["import { expect, test } from 'vitest';"],
      assertion: 'expect(problems).toEqual([]);',
    }),
};
