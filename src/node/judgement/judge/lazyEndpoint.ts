/**
 * The only way to what opens a socket. It stays out of the bundles and is loaded when a person has asked for a model's judgement
 * (see `esbuild.mjs`), so that everything else can not even call out.
 */
export const endpointClient = () => import('./endpoint.ts');
