import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { policyFor } from '../../core/evaluators/policy/policyFor.ts';
import { POLICY_FILE, readPolicy } from '../../core/evaluators/policy/readPolicy.ts';
import { messageOf } from '../../core/util/result.ts';

/**
 * The nearest policy file from a trace's folder upward, no higher than one of the folders `within` which the trace
 * stands. Where the trace stands in none of them, only its own folder is looked into.
 */
export function findPolicy(tracePath: string, within: readonly string[]): string | undefined {
  const start = dirname(resolve(tracePath));
  const roots = within.map((folder) => resolve(folder)).filter((folder) => isBelow(start, folder));
  // Of nested folders the outermost.
  const root = roots.sort((a, b) => a.length - b.length)[0] ?? start;
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, POLICY_FILE);
    if (existsSync(path)) return path;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** The repository that a file stands in: the nearest folder upward with a `.git`. */
export function repositoryOf(path: string): string | undefined {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** What a policy file says of a trace. Problems are `file:line:column: sentence`. Never rejects. */
export async function policyOf(
  policyPath: string,
  tracePath: string,
): Promise<{ readonly policy?: Policy; readonly problems: readonly string[] }> {
  try {
    const { policy, problems } = readPolicy(await readFile(policyPath, 'utf8'));
    const path = relative(dirname(resolve(policyPath)), resolve(tracePath));
    return {
      policy: policyFor(policy, path.split(sep).join('/')),
      problems: problems.map(({ line, column, message }) => `${policyPath}:${line}:${column}: ${message}`),
    };
  } catch (thrown) {
    return { problems: [`${policyPath}:1:1: The policy can't be read: ${messageOf(thrown)}`] };
  }
}
