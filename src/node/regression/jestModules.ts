import { join } from 'node:path';
import type { ModuleKind } from '../../core/regression/emitters/emitter.ts';
import { asText, field, tryParse } from '../../core/util/json.ts';
import { installedPackage, readText } from './findPrograms.ts';
import { exists } from './staging.ts';

/** How Jest loads the JavaScript of a workspace. */
export interface JestModules {
  /** What a `.js` file is to Jest here. */
  readonly kind: ModuleKind;
  /** Whether package.json says `"type": "module"`. */
  readonly isModule: boolean;
  /** Whether Jest looks for `.test.cjs` and `.test.mjs` by itself (since version 30). */
  readonly findsBoth: boolean;
}

/** Where Jest's settings stand, beside package.json. */
export const JEST_CONFIGURATIONS = [
  'jest.config.js',
  'jest.config.cjs',
  'jest.config.mjs',
  'jest.config.ts',
  'jest.config.json',
];
const TRANSFORMS = [
  'babel.config.js',
  'babel.config.cjs',
  'babel.config.mjs',
  'babel.config.json',
  '.babelrc',
  '.babelrc.json',
];

/**
 * Jest runs everything as CommonJS unless it is started with --experimental-vm-modules. A workspace whose scripts do so
 * has ECMAScript modules; one of type module that transforms nothing can't be run in another way.
 */
export async function jestModules(workspaceFolder: string): Promise<JestModules> {
  const manifest = tryParse((await readText(join(workspaceFolder, 'package.json'))) ?? '');
  const isModule = field(manifest, 'type') === 'module';
  const scripts = JSON.stringify(field(manifest, 'scripts') ?? {});
  const asked = scripts.includes('experimental-vm-modules');
  const kind =
    isModule && (asked || !(await transforms(workspaceFolder, JSON.stringify(field(manifest, 'jest') ?? {}))));
  const folder = await installedPackage('jest', workspaceFolder);
  const version = tryParse((folder && (await readText(join(folder, 'package.json')))) ?? '');
  return {
    kind: kind ? 'esm' : 'commonjs',
    isModule,
    findsBoth: Number.parseInt(asText(field(version, 'version')) ?? '0', 10) >= 30,
  };
}

/** Whether the workspace says how its files become CommonJS. */
async function transforms(workspaceFolder: string, inManifest: string): Promise<boolean> {
  for (const name of TRANSFORMS) if (await exists(join(workspaceFolder, name))) return true;
  const texts = await Promise.all(JEST_CONFIGURATIONS.map((name) => readText(join(workspaceFolder, name))));
  return [inManifest, ...texts].some((text) => /\b(?:transform|preset)\b["']?\s*:/.test(text ?? ''));
}

/** What a test file is to Jest: its name says so, else the workspace. */
export function moduleKindOf(fileName: string, { kind }: JestModules): ModuleKind {
  if (/\.mjs$/.test(fileName)) return 'esm';
  return /\.cjs$/.test(fileName) ? 'commonjs' : kind;
}

/** The name of a test in its best spelling: with the ending that Node.js takes for the same kind, where Jest finds it. */
export function jestFileName(fileName: string, modules: JestModules, agentPath = ''): string {
  const kind = /\.m[jt]s$/.test(agentPath) ? 'esm' : /\.c[jt]s$/.test(agentPath) ? 'commonjs' : modules.kind;
  const byDefault = modules.isModule ? 'esm' : 'commonjs';
  if (kind === byDefault || !modules.findsBoth) return fileName;
  return fileName.replace(/\.js$/, kind === 'esm' ? '.mjs' : '.cjs');
}
