import helperSource from '../helpers/hindstep-replay.mjs?raw';
import type { Emitter } from './emitter.ts';
import { helperFunction, javascriptRun, quoted, story } from './javascript.ts';

/** Node's own test runner. */
export const nodeTest: Emitter = {
  id: 'node-test',
  helperName: 'hindstep-replay.mjs',
  helperSource,
  fileNameOf: (slug) => `${slug}.test.mjs`,
  emit: (input) => {
    const { fixture, fixtureFile } = input;
    const { imports, call } = javascriptRun(input);
    return `${[
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      ...imports,
      `import { ${['readFixture', helperFunction(fixture)].sort().join(', ')} } from './hindstep-replay.mjs';`,
      '',
      ...story(fixture).map((line) => `// ${line}`),
      `const fixture = readFixture(new URL(${quoted(`./${fixtureFile}`)}, import.meta.url));`,
      '',
      `test(${quoted(fixture.title)}, async () => {`,
      `  const { problems } = await ${call};`,
      '  assert.deepEqual(problems, []);',
      '});',
    ].join('\n')}\n`;
  },
};
