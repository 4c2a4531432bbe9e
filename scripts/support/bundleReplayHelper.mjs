import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './root.mjs';

export const helperPath = join(root, 'src/core/regression/helpers/hindstep-replay.mjs');

const BANNER = `// hindstep-replay 2: what the regression tests beside this file need, and nothing else. Written by Hindstep; keep it
// with the tests. No dependencies. https://github.com/hindstep/hindstep
//
//   checkTrace(fixture, path)      judges a recorded run (HINDSTEP_TRACE names another file)
//   checkDecision(fixture, agent)  gives the agent the recorded beginning and judges what it does next
//   replay(fixture, agent)         runs the agent from the start; its tools answer from the recording
//
// An agent is a function: \`agent({ goal, messages, tools, environment, callTool })\`. It calls tools with
// \`await callTool(name, args)\` and answers its final text (or, for one decision, \`{ tool, arguments }\`). Nothing is called live, but for tools that
// only read, where the fixture says \`"onMiss": "live"\` and the test brings them: \`replay(fixture, agent, { liveTools })\`.
//
// All three answer \`{ calls, finalText, problems }\`; a test that passes has no problems.
`;

/**
 * The helper that stands beside JavaScript tests, as one readable file: the replay engine of the core and what a test needs
 * around it, with what is said about each function.
 */
export async function bundleReplayHelper() {
  const bundle = await rolldown({
    input: join(root, 'src/node/regression/replayHelper/main.ts'),
    platform: 'node',
    tsconfig: false,
  });
  const { output } = await bundle.generate({
    format: 'esm',
    comments: { legal: false, annotation: false, jsdoc: true },
  });
  await bundle.close();
  const code = output[0].code
    .replace(/\bvoid 0\b/g, 'undefined')
    .replace(/^(?=\/\/ src\/)/gm, '\n')
    // A line between functions, as people write them.
    .replace(/^([}\])]+;?)\n(?=\S)/gm, '$1\n\n');
  const { stdout, status, stderr } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['check', '--write', '--stdin-file-path', helperPath],
    { input: `${BANNER}${code}`, encoding: 'utf8', cwd: root },
  );
  if (status !== 0) throw new Error(`The helper can't be formatted: ${stderr}`);
  return stdout;
}
