/** @type {[filter: RegExp, path: string][]} Modules that are imported late, and their files in dist. */
const FILES = [
  [/\/endpoint\.ts$/, './judgeEndpoint.cjs'],
  [/\/secretlint\.ts$/, './secretlint.cjs'],
  [/\/replayMcp\.ts$/, './replayMcp.mjs'],
  [/\/stripTypes\.ts$/, './stripTypes.cjs'],
  [/\/chatLoop\.ts$/, './replayModel.cjs'],
];

/**
 * @type {import('esbuild').Plugin} What opens a socket is a file of its own, loaded only when a person asks for a model's
 * judgement or serves a recording: the other bundles do not even hold it. So is what is large and seldom used.
 */
export const apart = {
  name: 'apart',
  setup: (build) => {
    for (const [filter, path] of FILES) {
      build.onResolve({ filter }, ({ kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
    }
  },
};
