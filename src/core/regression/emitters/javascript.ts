import { assertNever } from '../../util/assertNever.ts';
import { sentenceOf } from '../expectationWords.ts';
import type { Fixture } from '../fixture.ts';
import helperSource from '../helpers/hindstep-replay.mjs?raw';
import type { EmitInput, HelperFile, ModuleKind } from './emitter.ts';

/** Characters that are not seen, or change how others are: control, format (bidi, zero width), line separators, halves of pairs. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A JavaScript string literal in single quotes, in which nothing hides: a reviewer sees what runs. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replace(HIDDEN, (c) => `\\u{${codeOf(c)}}`)}'`;
}

/** Text for a comment: one line in which nothing hides, nothing that could end the comment. */
export function commentLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim().slice(0, 300);
  return line.replace(HIDDEN, (c) => `U+${codeOf(c).toUpperCase().padStart(4, '0')}`);
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}

/** What went wrong and what must hold, as the lines of a test's comment. */
export function story(fixture: Fixture): string[] {
  const { source, failure, expect } = fixture;
  return [
    `Recorded in ${source.fileName}, run ${source.run}, step ${source.step + 1}.`,
    `What went wrong: ${failure.reason}`,
    ...expect.map((expectation) => `From now on: ${sentenceOf(expectation)}.`),
  ].map(commentLine);
}

/** What the JavaScript runners differ in: how the runner is imported, and how `problems` is asserted to be empty. */
export interface Dialect {
  readonly head?: readonly string[];
  readonly imports: readonly string[];
  readonly assertion: string;
}

/** The helper as an ECMAScript module. */
export function esmHelper(): HelperFile {
  return { name: 'hindstep-replay.mjs', source: helperSource };
}

/** The same helper as a CommonJS module: it imports and exports in single lines, and only Node's own modules. */
export function commonJsHelper(): HelperFile {
  const source = helperSource
    .replace(/^import (\{ .+ \}) from ('node:\w+');$/gm, 'const $1 = require($2);')
    .replace(/^export (\{ .+ \});$/m, 'module.exports = $1;');
  return { name: 'hindstep-replay.cjs', source };
}

/** The text of a test in plain JavaScript. */
export function javascriptTest(input: EmitInput, { head = [], imports, assertion }: Dialect): string {
  const { fixture, fixtureFile, agent, modules = 'esm' } = input;
  const { helper, subject } = runOf(input);
  const load = modules === 'esm' ? imported : required;
  const helperFile = modules === 'esm' ? esmHelper() : commonJsHelper();
  return `${[
    ...head,
    ...imports,
    ...(modules === 'esm' ? [] : [required([['join', 'join']], 'node:path')]),
    ...(agent === undefined ? [] : [load([[agent.name, 'agent']], agent.importPath)]),
    load(
      ['readFixture', helper].sort().map((name) => [name, name]),
      `./${helperFile.name}`,
    ),
    '',
    ...story(fixture).map((line) => `// ${line}`),
    `const fixture = readFixture(${placeOf(`./${fixtureFile}`, modules)});`,
    '',
    `test(${quoted(fixture.title)}, async () => {`,
    `  const { problems } = await ${helper}(fixture, ${subject});`,
    `  ${assertion}`,
    '});',
    ...(fixture.variants ?? []).flatMap(({ id, title }) => [
      '',
      `test(${quoted(`${fixture.title}, when ${title}`)}, async () => {`,
      `  const { problems } = await replay(fixture, agent, { variant: ${quoted(id)} });`,
      `  ${assertion}`,
      '});',
    ]),
  ].join('\n')}\n`;
}

function imported(names: readonly Named[], from: string): string {
  return `import { ${names.map(([name, as]) => (as === name ? name : `${name} as ${as}`)).join(', ')} } from ${quoted(from)};`;
}

function required(names: readonly Named[], from: string): string {
  return `const { ${names.map(([name, as]) => (as === name ? name : `${name}: ${as}`)).join(', ')} } = require(${quoted(from)});`;
}

/** The name of what is loaded, and what the test calls it. */
type Named = readonly [name: string, as: string];

/** A file beside the test, as an expression. */
function placeOf(path: string, modules: ModuleKind): string {
  return modules === 'esm'
    ? `new URL(${quoted(path)}, import.meta.url)`
    : `join(__dirname, ${quoted(path.replace(/^\.\//, ''))})`;
}

/** The helper's function that a mode uses, and what it is given. */
function runOf({ fixture, traceFile = '', modules = 'esm' }: EmitInput): { helper: string; subject: string } {
  switch (fixture.mode) {
    case 'trace-check':
      return { helper: 'checkTrace', subject: placeOf(traceFile, modules) };
    case 'decision-point':
      return { helper: 'checkDecision', subject: 'agent' };
    case 'replay':
      return { helper: 'replay', subject: 'agent' };
    default:
      return assertNever(fixture.mode);
  }
}
