import { assertNever } from '../../util/assertNever.ts';
import type { JsonObject } from '../../util/json.ts';
import { jsonText } from '../../util/jsonText.ts';
import type { Expectation, Fixture } from '../fixture.ts';
import { times } from '../words.ts';
import type { EmitInput } from './emitter.ts';

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

/** An expectation in words. */
export function sentenceOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'mustCall':
      return `it must call ${callWords(expectation)}${expectation.count === undefined ? '' : ` ${times(expectation.count)}`}`;
    case 'mustNotCall': {
      const { count } = expectation;
      return `it must not call ${callWords(expectation)}${count === undefined ? '' : ` more than ${times(count)}`}`;
    }
    case 'mustAskBefore':
      return `it must ask before it calls ${expectation.tool}`;
    case 'finalMustNotClaim':
      return `it must not claim "${expectation.claim}" at the end`;
    case 'maxSteps':
      return `it must end within ${expectation.count} steps`;
    case 'maxRepeats':
      return `it must not repeat ${expectation.tool} more than ${times(expectation.count)}`;
    case 'evaluator':
      return `${expectation.id} must say ${expectation.status}`;
    default:
      return assertNever(expectation);
  }
}

/** A comment is cut at 300 characters anyway. */
const MOST_WORDS = 300;

function callWords(expectation: Extract<Expectation, { kind: 'mustCall' | 'mustNotCall' }>): string {
  const { tool, arguments: args, before, after } = expectation;
  // Matchers are plain JSON too.
  const named = Object.keys(args).length === 0 ? '' : ` with ${jsonText(args as JsonObject, MOST_WORDS)}`;
  return `${tool}${named}${before === undefined ? '' : ` before ${before}`}${after === undefined ? '' : ` after ${after}`}`;
}

/** What the two JavaScript runners differ in: how the runner is imported, and how `problems` is asserted to be empty. */
export interface Dialect {
  readonly imports: readonly string[];
  readonly assertion: string;
}

/** The text of a test in plain JavaScript modules. */
export function javascriptTest(input: EmitInput, { imports, assertion }: Dialect): string {
  const { fixture, fixtureFile } = input;
  const run = runOf(input);
  return `${[
    ...imports,
    ...run.imports,
    `import { ${['readFixture', run.helper].sort().join(', ')} } from './hindstep-replay.mjs';`,
    '',
    ...story(fixture).map((line) => `// ${line}`),
    `const fixture = readFixture(new URL(${quoted(`./${fixtureFile}`)}, import.meta.url));`,
    '',
    `test(${quoted(fixture.title)}, async () => {`,
    `  const { problems } = await ${run.helper}(fixture, ${run.subject});`,
    `  ${assertion}`,
    '});',
  ].join('\n')}\n`;
}

/** The helper's function that a mode uses, and what it is given. */
function runOf({ fixture, agent, traceFile }: EmitInput): { imports: string[]; helper: string; subject: string } {
  const name = agent === undefined || agent.name === 'agent' ? 'agent' : `${agent.name} as agent`;
  const imports = agent === undefined ? [] : [`import { ${name} } from ${quoted(agent.importPath)};`];
  switch (fixture.mode) {
    case 'trace-check':
      return { imports: [], helper: 'checkTrace', subject: `new URL(${quoted(traceFile ?? '')}, import.meta.url)` };
    case 'decision-point':
      return { imports, helper: 'checkDecision', subject: 'agent' };
    case 'replay':
      return { imports, helper: 'replay', subject: 'agent' };
    default:
      return assertNever(fixture.mode);
  }
}
