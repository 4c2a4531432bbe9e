import { readFile, unlink } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { guardrailFiles, testName, withoutRule } from '../../core/guard/guardrail/guardrailFiles.ts';
import { err, messageOf, ok, type Result } from '../../core/util/result.ts';
import { jestModules, moduleKindOf } from '../regression/jestModules.ts';
import { ENVIRONMENT, problemOf, reasonIn } from '../regression/prove.ts';
import { runnerCommand } from '../regression/runners.ts';
import { runProgram } from '../regression/runProgram.ts';
import { exists, Staging } from '../regression/staging.ts';
import { writeProblem } from '../writeProblem.ts';
import { writeWhole } from '../writeWhole.ts';
import type { GuardrailPlan } from './planGuardrail.ts';

export interface WrittenGuardrail {
  /** Absolute paths: the check, the calls of the recorded run, the test. */
  readonly files: readonly string[];
  /** What the proof showed, a sentence. */
  readonly proof: string;
  /** How a person runs the test. */
  readonly command: string;
}

/** ms */
const TIMEOUT = 60_000;

/**
 * Proves a guardrail with the workspace's own runner (its test is red without the rule and green with it), and only then,
 * where `write` is set, puts the files and the rule into place. Nothing is overwritten but the policy, and that only when
 * it is as it was shown. Never rejects.
 */
export async function proveGuardrail(
  plan: GuardrailPlan,
  workspaceFolder: string,
  { write, signal }: { readonly write: boolean; readonly signal?: AbortSignal },
): Promise<Result<WrittenGuardrail>> {
  const { runner, folder, policy } = plan;
  const isCancelled = () => signal?.aborted === true;
  const command = await runnerCommand(runner, workspaceFolder);
  if (!command.ok) return command;
  const modules = runner === 'jest' ? moduleKindOf(testName(plan), await jestModules(workspaceFolder)) : 'esm';
  const { check, calls, test } = guardrailFiles({ ...plan, modules }, plan.calls);
  const names = [check.name, calls.name, test.name];
  for (const name of names) {
    if (await exists(join(folder, name))) return err(`${join(folder, name)} exists; nothing was written.`);
  }
  let staging: Staging | undefined;
  try {
    staging = await Staging.inside(folder);
    await staging.write(calls.name, calls.text);
    await staging.write(check.name, withoutRule(check).text);
    const file = await staging.write(test.name, test.text);
    const run = () =>
      runProgram(command.value.program, command.value.args(file), {
        folder: workspaceFolder,
        env: ENVIRONMENT,
        timeout: TIMEOUT,
        signal,
      });
    const without = await run();
    const reason = reasonIn(without.output);
    if (isCancelled()) return err('Cancelled. Nothing was written.');
    if (without.exitCode === 0 || reason === undefined) {
      return err(
        `Not proved, so nothing was written: without the rule the test should be red. ${without.problem ?? problemOf(without.output)}`,
      );
    }
    await staging.rewrite(check.name, check.text);
    const guarded = await run();
    if (isCancelled()) return err('Cancelled. Nothing was written.');
    if (guarded.exitCode !== 0) {
      const why = reasonIn(guarded.output) ?? guarded.problem ?? problemOf(guarded.output);
      return err(`Not proved, so nothing was written: with the rule the test should be green. ${why}`);
    }
    const shown = relative(workspaceFolder, join(folder, test.name)).split(sep).join('/');
    const proof = `Red without the rule (${reason}), green with it, and the run without what is refused is made as it is.`;
    const files = write ? await placed(staging, names, policy) : names.map((name) => join(folder, name));
    return ok({ files, proof, command: command.value.shown(shown) });
  } catch (thrown) {
    return err(writeProblem(thrown, basename(folder)) ?? messageOf(thrown));
  } finally {
    await staging?.remove();
  }
}

async function placed(staging: Staging, names: readonly string[], policy: GuardrailPlan['policy']): Promise<string[]> {
  const files = await staging.place(names, new Set());
  try {
    await writePolicy(policy);
    return files;
  } catch (thrown) {
    for (const file of files) await unlink(file).catch(() => undefined);
    throw thrown;
  }
}

async function writePolicy({ path, before, after, added }: GuardrailPlan['policy']): Promise<void> {
  if (added.length === 0) return;
  if (before !== undefined && (await readFile(path, 'utf8')) !== before) {
    throw new Error(`${path} has changed since it was shown; nothing was written. Try again.`);
  }
  await writeWhole(path, [after], { overwrite: before !== undefined });
}
