/**
 * @type {import('esbuild').Plugin} What opens a socket is a file of its own, loaded only when a person asks for a model's
 * judgement: the other bundles do not even hold it.
 */
export const apart = {
  name: 'apart',
  setup: (build) => {
    build.onResolve({ filter: /^\.\/endpoint\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './judgeEndpoint.cjs', external: true } : undefined,
    );
  },
};
