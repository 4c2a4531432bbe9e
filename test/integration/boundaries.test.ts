import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../src');

/** What each room may import from (itself always). */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  protocol: ['core'],
  node: ['core', 'protocol'],
  worker: ['core', 'protocol', 'node'],
  extension: ['core', 'protocol', 'node'],
  webview: ['core', 'protocol'],
  cli: ['core', 'node'],
};

/** Floors of the core: a folder imports only from itself and from folders before it. */
const FLOORS = [
  'util',
  'source',
  'trace',
  'formats',
  'redact',
  'convert',
  'stepper',
  'provenance',
  'state',
  'compare',
  'evaluators',
  'judge',
  'localize',
  'verdictFiles',
  'regression',
  'cohort',
  'guard',
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const imports: Import[] = sources(root)
  .filter((file) => !/\.test\.tsx?$/.test(file))
  .flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /^(?:import|export)[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gms,
      ),
    ].map((match) => ({ file, specifier: match[1] ?? match[2] ?? match[3] ?? '' })),
  );

const inside = imports
  .filter(({ specifier }) => specifier.startsWith('.') && !specifier.endsWith('package.json'))
  .map(({ file, specifier }) => ({
    from: relative(root, file).split(sep),
    to: relative(root, resolve(dirname(file), specifier)).split(sep),
  }));

describe('import boundaries', () => {
  it('finds imports to check', () => {
    expect(inside.length).toBeGreaterThan(20);
  });

  it('lets each room import only from the rooms below it', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [room = '', target = ''] = [from[0], to[0]];
      return room !== target && !(ALLOWED[room] ?? []).includes(target);
    });
    expect(wrong.map(({ from, to }) => `${from.join('/')} -> ${to.join('/')}`)).toEqual([]);
  });

  it('lets a floor of the core import only from the floors before it', () => {
    const wrong = inside
      .filter(({ from, to }) => from[0] === 'core' && to[0] === 'core')
      .filter(({ from, to }) => FLOORS.indexOf(to[1] ?? '') > FLOORS.indexOf(from[1] ?? ''));
    expect(wrong.map(({ from, to }) => `${from.join('/')} -> ${to.join('/')}`)).toEqual([]);
  });

  it('keeps vscode and Node out of where they must not be', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const room = relative(root, file).split(sep)[0] ?? '';
      if (specifier === 'vscode') return room !== 'extension';
      if (specifier.startsWith('node:')) return ['core', 'protocol', 'webview'].includes(room);
      if (specifier === '@vscode/webview-ui-toolkit') return relative(root, file) !== join('webview', 'toolkit.ts');
      return false;
    });
    expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
  });
});
