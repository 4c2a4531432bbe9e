import { readFile } from 'node:fs/promises';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { readPolicy } from '../../core/evaluators/policy/readPolicy.ts';
import { messageOf } from '../../core/util/result.ts';

/**
 * The policy of a file as it holds for live calls: everywhere, without overrides, which are for trace files. A policy with
 * anything in it that is not understood guards nothing for sure, so that it is refused: `file:line:column: sentence`.
 */
export async function guardPolicy(
  path: string,
): Promise<{ readonly policy: Policy } | { readonly problems: readonly string[] }> {
  try {
    const { policy, problems } = readPolicy(await readFile(path, 'utf8'));
    if (problems.length > 0) {
      return { problems: problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`) };
    }
    const { overrides: _forTraces, ...everywhere } = policy;
    return { policy: everywhere };
  } catch (thrown) {
    return { problems: [`${path}:1:1: The policy can't be read: ${messageOf(thrown)}`] };
  }
}
