import helperSource from '../helpers/hindstep-replay.mjs?raw';
import type { Emitter } from './emitter.ts';
import { helperFunction, javascriptRun, quoted, story } from './javascript.ts';

/** Vitest. The test is plain JavaScript in TypeScript workspaces too, because its helper has no types. */
export const vitest: Emitter = {
  id: 'vitest',
  helperName: 'hindstep-replay.mjs',
  helperSource,
  fileNameOf: (slug) => `${slug}.test.js`,
  emit: (input) => {
    const { fixture, fixtureFile } = input;
    const { imports, call } = javascriptRun(input);
    return `${[
      "import { expect, test } from 'vitest';",
      ...imports,
      `import { ${['readFixture', helperFunction(fixture)].sort().join(', ')} } from './hindstep-replay.mjs';`,
      '',
      ...story(fixture).map((line) => `// ${line}`),
      `const fixture = readFixture(new URL(${quoted(`./${fixtureFile}`)}, import.meta.url));`,
      '',
      `test(${quoted(fixture.title)}, async () => {`,
      `  const { problems } = await ${call};`,
      '  expect(problems).toEqual([]);',
      '});',
    ].join('\n')}\n`;
  },
};
