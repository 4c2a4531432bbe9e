// Stands in front of a host that is given to Node with --eval.

import { register } from 'node:module';

/** Modules that come without their types, by URL. */
export function serve(modules) {
  const hooks = `
    let modules = {};
    export function initialize(data) { modules = data; }
    export function resolve(specifier, context, next) {
      if (/^\\.{1,2}\\//.test(specifier)) {
        for (const name of [specifier, specifier + '.ts', specifier.replace(/\\.js$/, '.ts')]) {
          const url = new URL(name, context.parentURL).href;
          if (Object.hasOwn(modules, url)) return { url, format: 'module', shortCircuit: true };
        }
      }
      return next(specifier, context);
    }
    export function load(url, context, next) {
      if (!Object.hasOwn(modules, url)) return next(url, context);
      return { format: 'module', source: modules[url], shortCircuit: true };
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: modules });
}
