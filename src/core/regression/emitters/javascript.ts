import { assertNever } from '../../util/assertNever.ts';
import type { Expectation, Fixture } from '../fixture.ts';
import type { EmitInput } from './emitter.ts';

/** A JavaScript string literal in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  // U+2028 and U+2029 end a line in comments and in old engines' strings.
  return `'${inner.replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)}'`;
}

/** Text for a comment: one line, nothing that could end the comment. */
export function commentLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim().slice(0, 300);
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
    case 'mustCall': {
      const order = `${expectation.before ? ` before ${expectation.before}` : ''}${expectation.after ? ` after ${expectation.after}` : ''}`;
      return `it must call ${callWords(expectation.tool, expectation.arguments)}${order}`;
    }
    case 'mustNotCall':
      return `it must not call ${callWords(expectation.tool, expectation.arguments)}`;
    case 'mustAskBefore':
      return `it must ask before it calls ${expectation.tool}`;
    case 'finalMustNotClaim':
      return `it must not claim "${expectation.claim}" at the end`;
    case 'maxSteps':
      return `it must end within ${expectation.count} steps`;
    case 'maxRepeats':
      return `it must not repeat ${expectation.tool} more than ${expectation.count} times`;
    default:
      return assertNever(expectation);
  }
}

function callWords(tool: string, args: object): string {
  const names = Object.keys(args);
  return names.length === 0 ? tool : `${tool} with ${JSON.stringify(args)}`;
}

/** The lines that both JavaScript runners share: how the run under test is made. */
export function javascriptRun(input: EmitInput): { imports: string[]; call: string } {
  const { fixture, agent } = input;
  const agentImport =
    agent === undefined
      ? []
      : [`import { ${agent.name}${agent.name === 'agent' ? '' : ' as agent'} } from ${quoted(agent.importPath)};`];
  switch (fixture.mode) {
    case 'trace-check':
      return { imports: [], call: `checkTrace(fixture, new URL(${quoted(input.traceFile ?? '')}, import.meta.url))` };
    case 'decision-point':
      return { imports: agentImport, call: 'checkDecision(fixture, agent)' };
    case 'replay':
      return { imports: agentImport, call: 'replay(fixture, agent)' };
    default:
      return assertNever(fixture.mode);
  }
}

/** The helper's function that a mode uses. */
export function helperFunction(fixture: Fixture): string {
  switch (fixture.mode) {
    case 'trace-check':
      return 'checkTrace';
    case 'decision-point':
      return 'checkDecision';
    case 'replay':
      return 'replay';
    default:
      return assertNever(fixture.mode);
  }
}
