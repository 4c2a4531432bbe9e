import type { Emitter } from './emitter.ts';
import { commonJsHelper, esmHelper, javascriptTest } from './javascript.ts';

/** Jest, with CommonJS or with ECMAScript modules. Its functions are global, so nothing of it is imported. */
export const jest: Emitter = {
  id: 'jest',
  helperFor: (modules) => (modules === 'commonjs' ? commonJsHelper() : esmHelper()),
  fileNameOf: (slug) => `${slug}.test.js`,
  emit: (input) =>
    javascriptTest(input, {
      // Workspaces for the browser test in a DOM by default, in which agents do not run.
      head: ['/** @jest-environment node */', ''],
      imports: [],
      assertion: 'expect(problems).toEqual([]);',
    }),
};
