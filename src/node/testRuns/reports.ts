import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FixtureCall, FixtureMessage, RunnerId } from '../../core/regression/fixture.ts';
import { asArray, asText, field, isObject, type Json, tryParse } from '../../core/util/json.ts';
import { readText } from '../regression/findPrograms.ts';

/** What the helper beside a test wrote down of a fixture. */
export interface Report {
  readonly calls: readonly FixtureCall[];
  readonly problems: readonly string[];
  readonly messages?: readonly FixtureMessage[];
  /** Why there was nothing to judge: the agent threw, or the fixture can't be used. */
  readonly error?: string;
}

/** Reads what helpers wrote into a folder, by the fixture's real path. A test may have judged its fixture several times. */
export async function readReports(folder: string): Promise<Map<string, Report[]>> {
  const reports = new Map<string, Report[]>();
  for (const name of await readdir(folder)) {
    const value = tryParse((await readText(join(folder, name))) ?? '');
    const place = asText(field(value, 'fixture'));
    if (value === undefined || place === undefined) continue;
    const path = await realpath(place).catch(() => place);
    reports.set(path, [...(reports.get(path) ?? []), reportOf(value)]);
  }
  return reports;
}

// An agent runs in the same process and may write here what it likes.
function reportOf(value: Json): Report {
  const error = asText(field(value, 'error'));
  const messages = asArray(field(value, 'messages'));
  return {
    calls: asArray(field(value, 'calls')).flatMap((call) => {
      const [tool, args] = [field(call, 'tool'), field(call, 'arguments')];
      return typeof tool === 'string' && isObject(args) ? [{ tool, arguments: args }] : [];
    }),
    problems: asArray(field(value, 'problems')).map((problem) => String(problem).replace(/^hindstep: /, '')),
    ...(messages.length > 0 && { messages: messages as unknown as FixtureMessage[] }),
    ...(error !== undefined && { error: error.replace(/^hindstep: /, '') }),
  };
}

/** How a runner is asked which files failed: the arguments, and the file that it writes that to. */
export function statusArguments(runner: RunnerId, file: string): string[] {
  switch (runner) {
    case 'node-test':
      return [];
    case 'vitest':
      return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    case 'jest':
      return ['--json', `--outputFile=${file}`];
    case 'pytest':
      return [`--junitxml=${file}`, '-o', 'junit_family=xunit1'];
  }
}

/** A test file that failed: absolute, or the end of its path; and what the runner says of it. */
export interface FailedFile {
  readonly file: string;
  readonly words: string;
}

/** Test files that a runner says have failed; undefined when it says nothing. */
export async function failedFiles(runner: RunnerId, file: string): Promise<FailedFile[] | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  if (runner === 'pytest') {
    return [...text.matchAll(/<testcase\b[^>]*?\bfile="([^"]*)"[^>]*[^/]>(.*?)<\/testcase>/gs)]
      .filter(([, , inner = '']) => /<(?:failure|error)\b/.test(inner))
      .map(([, path = '', inner = '']) => ({ file: unescaped(path), words: unescaped(inner) }));
  }
  return asArray(field(tryParse(text), 'testResults'))
    .filter((one) => field(one, 'status') === 'failed')
    .map((one) => {
      const messages = asArray(field(one, 'assertionResults')).flatMap((test) =>
        asArray(field(test, 'failureMessages')),
      );
      return { file: String(field(one, 'name')), words: [...messages, field(one, 'message') ?? ''].join('\n') };
    });
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => characters[name] ?? whole);
}
