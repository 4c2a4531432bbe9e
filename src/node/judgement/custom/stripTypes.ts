import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'sucrase';
import { messageOf } from '../../../core/util/result.ts';

/** Files that one evaluator may be made of. */
const MOST = 200;

/**
 * A TypeScript file, and every TypeScript file that it imports by a relative path, as JavaScript: by URL, as Node's
 * loader asks for them. Types go and lines stay where they are, so places in stack traces are right. Imports of
 * `./shared.ts`, `./shared.js` and `./shared` all find `shared.ts`. Rejects with a sentence when one can't be read as
 * TypeScript.
 */
export async function stripTypes(path: string): Promise<Record<string, string>> {
  const modules: Record<string, string> = {};
  const waiting = [pathToFileURL(path).href];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (Object.hasOwn(modules, url) || Object.keys(modules).length >= MOST) continue;
    const source = await readFile(fileURLToPath(url), 'utf8').catch((thrown: unknown) => {
      // An import that leads nowhere is told by Node, with the line that it stands in.
      if (url === pathToFileURL(path).href) throw thrown;
      return undefined;
    });
    if (source === undefined) continue;
    const code = withoutTypes(source, url);
    modules[url] = code;
    for (const specifier of relativeImports(code)) {
      const names = [specifier, `${specifier}.ts`, specifier.replace(/\.js$/, '.ts')];
      for (const name of names) if (name.endsWith('.ts')) waiting.push(new URL(name, url).href);
    }
  }
  return modules;
}

function withoutTypes(source: string, url: string): string {
  try {
    return transform(source, { transforms: ['typescript'], disableESTransforms: true, production: true }).code;
  } catch (thrown) {
    const name = url.slice(url.lastIndexOf('/') + 1);
    throw new Error(
      `${name} can't be read as TypeScript: ${messageOf(thrown).replace(/^Error transforming .*?: /, '')}`,
    );
  }
}

function relativeImports(code: string): string[] {
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g);
  return [...found].map(([, , specifier]) => specifier ?? '');
}
