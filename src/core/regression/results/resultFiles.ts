import { sha256Hex } from '../../util/canonical.ts';
import type { Json } from '../../util/json.ts';
import { type JunitCase, type JunitOutcome, junitXml } from '../../verdictFiles/junitXml.ts';
import { sarifText } from '../../verdictFiles/sarifLog.ts';
import { shown } from '../words.ts';
import { differenceText } from './callLines.ts';
import { countOutcomes, type FixtureResult } from './fixtureResult.ts';

/** Writes what came of fixtures in one format. `version` is that of Hindstep. */
export interface ResultWriter {
  /** As on the command line: `junit`. */
  readonly id: string;
  write(results: readonly FixtureResult[], version: string): string;
}

/** Every format for results of tests, in the order of lists. */
export const RESULT_WRITERS: readonly ResultWriter[] = [
  { id: 'junit', write: junit },
  { id: 'sarif', write: sarif },
  { id: 'json', write: json },
];

/** A suite for every folder, a case for every fixture: a regression is a failure, what could not be judged an error. */
function junit(results: readonly FixtureResult[]): string {
  const folders = new Map<string, FixtureResult[]>();
  for (const result of results) {
    const folder = result.path.split('/').slice(0, -1).join('/') || '.';
    folders.set(folder, [...(folders.get(folder) ?? []), result]);
  }
  return junitXml([...folders].map(([name, found]) => ({ name, cases: found.map((one) => caseOf(name, one)) })));
}

function caseOf(className: string, result: FixtureResult): JunitCase {
  return { name: result.title, className, file: result.path, time: result.duration / 1000, outcome: outcomeOf(result) };
}

function outcomeOf({ outcome, problems, calls, by }: FixtureResult): JunitOutcome {
  const message = problems[0] ?? '';
  const text = [...problems, ...differenceText(calls)].join('\n');
  switch (outcome) {
    case 'held':
      return { kind: 'passed' };
    case 'regression':
      return { kind: 'failure', message, type: by, text };
    case 'unjudged':
      return { kind: 'error', message, type: by, text };
  }
}

const RULE = 'hindstep.regression';

/** A result for every regression, at its fixture; what could not be judged is a notification. What holds is not written. */
function sarif(results: readonly FixtureResult[], version: string): string {
  const of = (outcome: FixtureResult['outcome']) => results.filter((result) => result.outcome === outcome);
  return sarifText({
    version,
    rules: [
      {
        id: RULE,
        title: 'Agent regression',
        description: 'The agent did again what a recorded run showed to be wrong.',
        level: 'error',
      },
    ],
    artifacts: results.map(({ path }) => ({ path })),
    results: of('regression').map(({ path, id, title, problems, calls }) => ({
      rule: RULE,
      kind: 'fail',
      level: 'error',
      message: `${title}: ${problems.join('; ')}`,
      place: { path, logicalName: title, region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } },
      related: [],
      flow: [],
      // The same regression is the same alert, whatever the agent does else.
      fingerprint: sha256Hex(`${RULE} ${id}`),
      properties: { fixture: id, difference: differenceText(calls) },
    })),
    failures: of('unjudged').map(({ path, problems }) => ({ rule: RULE, message: `${path}: ${problems.join('; ')}` })),
  });
}

/** Everything that is known of each. */
function json(results: readonly FixtureResult[], version: string): string {
  const value: Json = { hindstep: version, ...countOutcomes(results), results: results.map(resultJson) };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A result as JSON, calls in words. */
export function resultJson({ path, calls, ...result }: FixtureResult): Json {
  return {
    fixture: path,
    id: result.id,
    title: result.title,
    outcome: result.outcome,
    by: result.by,
    duration: result.duration,
    problems: [...result.problems],
    calls: calls.map(({ kind, expected, actual, note }) => ({
      kind,
      ...(expected && { expected: shown(expected) }),
      ...(actual && { actual: shown(actual) }),
      ...(note !== undefined && { note }),
    })),
  };
}
