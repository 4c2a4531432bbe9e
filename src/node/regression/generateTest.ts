import { basename, join, relative, sep } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import { buildFixture } from '../../core/regression/buildFixture.ts';
import { checkMutations } from '../../core/regression/checkMutations.ts';
import type { Emitter } from '../../core/regression/emitters/emitter.ts';
import { emitterOf } from '../../core/regression/emitters/registry.ts';
import type { Fixture, RunnerId } from '../../core/regression/fixture.ts';
import { problemsOf, scriptOf } from '../../core/regression/replay/script.ts';
import { withVariants } from '../../core/regression/variants/all.ts';
import type { Run } from '../../core/trace/model.ts';
import { err, messageOf, ok, type Result } from '../../core/util/result.ts';
import type { TestOutcome, TestRequest } from '../../protocol/webviewApi.ts';
import { judgeRun } from '../judgement/judgeRun.ts';
import { codeOf, writeProblem } from '../writeProblem.ts';
import { stemOf } from './detectRunners.ts';
import { readText } from './findPrograms.ts';
import { helperFor } from './helperFile.ts';
import { jestModules, moduleKindOf } from './jestModules.ts';
import { proofText } from './proofFile.ts';
import { prove } from './prove.ts';
import { runnerCommand } from './runners.ts';
import { fileInside, folderInside, importPathOf, isBareName } from './safePath.ts';
import { secretlintDetector } from './secretDetector.ts';
import { exists, Staging } from './staging.ts';
import { verdictOf } from './verdictOf.ts';

export interface GenerateTestInput {
  readonly trace: OpenTrace;
  /** Id of the run, and the step's index in it. */
  readonly run: string;
  readonly step: number;
  readonly request: TestRequest;
  readonly workspaceFolder: string;
  /** Path of the opened trace. */
  readonly traceFile: string;
  /** One line for a person about what is going on. */
  readonly onProgress?: (line: string) => void;
  /** By which the run is judged. */
  readonly policy?: Policy;
  readonly signal?: AbortSignal;
}

/**
 * Builds the fixture and the test of a step, proves it with the workspace's own runner, and only then puts it into
 * place. Nothing is written that was not proved, nothing is overwritten, and a cancelled or failed attempt leaves
 * nothing behind. Never rejects: what stands in the way is in the outcome.
 */
export async function generateTest(input: GenerateTestInput): Promise<TestOutcome> {
  try {
    const plan = await planOf(input);
    if (!plan.ok) return { status: 'failed', reason: plan.error };
    for (const name of plan.value.newFiles) {
      const path = join(plan.value.folder, name);
      if (await exists(path)) return { status: 'exists', path };
    }
    return await proveAndPlace(input, plan.value);
  } catch (thrown) {
    if (input.signal?.aborted === true) return CANCELLED;
    if (codeOf(thrown) === 'EEXIST' && thrown instanceof Error && 'dest' in thrown) {
      return { status: 'exists', path: String(thrown.dest) };
    }
    const problem = writeProblem(thrown, input.request.folder);
    return { status: 'failed', reason: problem ?? `The test could not be made: ${messageOf(thrown)}` };
  }
}

const CANCELLED: TestOutcome = { status: 'failed', reason: 'Cancelled. Nothing was written.' };

/** What will be written where, checked before any work is done. */
interface Plan {
  readonly run: Run;
  readonly emitter: Emitter;
  /** Absolute. */
  readonly folder: string;
  readonly testName: string;
  readonly fixtureName: string;
  readonly proofName: string;
  readonly newFiles: readonly string[];
  /** The agent's absolute path, and the name of the callable in it. */
  readonly agent?: { readonly file: string; readonly name: string };
}

/** Names that the runners take for tests. */
const NAMES: Readonly<Record<RunnerId, RegExp>> = {
  'node-test': /.\.test\.[cm]?js$/,
  vitest: /.\.(?:test|spec)\.[cm]?[jt]s$/,
  jest: /.\.(?:test|spec)\.[cm]?js$/,
  pytest: /^test_.+\.py$|.+_test\.py$/,
};

async function planOf({ trace, run: id, request, workspaceFolder }: GenerateTestInput): Promise<Result<Plan>> {
  const { fileName, mode, agent } = request;
  const run = trace.run(id);
  if (run === undefined) return err('The run is not in the trace any more. Open the trace again.');
  const emitter = emitterOf(request.runner);
  if (!isBareName(fileName)) return err(`${fileName} is no file name. Use letters, digits, dots and hyphens.`);
  if (!NAMES[request.runner].test(fileName)) {
    return err(`${request.runner} looks for names like ${emitter.fileNameOf('my-test')}; ${fileName} is not one.`);
  }
  const folder = await folderInside(workspaceFolder, request.folder);
  if (!folder.ok) return folder;
  if (mode !== 'trace-check' && agent === undefined) {
    return err(`A ${mode} test runs your agent: choose the file that exports it, or make a trace-check.`);
  }
  const agentFile = agent === undefined ? undefined : await fileInside(workspaceFolder, agent.path);
  if (agentFile !== undefined && !agentFile.ok) return agentFile;
  if (agent !== undefined && !/^[A-Za-z_$][\w$]*$/.test(agent.name))
    return err(`${agent.name} is no name of a callable.`);
  if (agent !== undefined && agent.path.endsWith('.py') !== (emitter.id === 'pytest')) {
    return err(
      `${emitter.id} can't import ${agent.path}. Choose ${emitter.id === 'pytest' ? 'vitest, jest or node-test' : 'pytest'}.`,
    );
  }
  const stem = stemOf(fileName);
  const [fixtureName, proofName] = [`${stem}.fixture.json`, `${stem}.proof.json`];
  return ok({
    run,
    emitter,
    folder: folder.value,
    testName: fileName,
    fixtureName,
    proofName,
    newFiles: [fileName, fixtureName, proofName],
    ...(agent !== undefined &&
      agentFile !== undefined &&
      mode !== 'trace-check' && { agent: { file: agentFile.value, name: agent.name } }),
  });
}

async function proveAndPlace(input: GenerateTestInput, plan: Plan): Promise<TestOutcome> {
  const { request, workspaceFolder, signal, onProgress = () => {} } = input;
  const command = await runnerCommand(request.runner, workspaceFolder);
  if (!command.ok) return { status: 'failed', reason: command.error };
  const modules = request.runner === 'jest' ? moduleKindOf(plan.testName, await jestModules(workspaceFolder)) : 'esm';
  const { name: helperName, source: helperSource } = plan.emitter.helperFor(modules);
  const standing = await readText(join(plan.folder, helperName));
  const helper = helperFor(helperName, helperSource, standing);
  if (!helper.ok) return { status: 'failed', reason: helper.error };
  onProgress('Reading the run and replacing secrets…');
  const built = await fixtureOf(input, plan.run);
  const varied = built.ok ? withVariants(built.value, request.variants ?? []) : built;
  if (!varied.ok) return { status: 'failed', reason: varied.error };
  const { fixture, mutations, dropped } = checkMutations(varied.value);
  if (fixture.expect.length === 0) return { status: 'failed', reason: `Nothing is left to test. ${dropped.join(' ')}` };
  /** The test as it stands in a folder: only the ways to the agent and the trace depend on which. */
  const testIn = (folder: string) =>
    plan.emitter.emit({
      fixture,
      fixtureFile: plan.fixtureName,
      modules,
      ...(plan.agent !== undefined && {
        agent: { importPath: importPathOf(folder, plan.agent.file), name: plan.agent.name },
      }),
      ...(request.mode === 'trace-check' && { traceFile: importPathOf(folder, input.traceFile) }),
    });

  const fixtureText = `${JSON.stringify(fixture, null, 2)}\n`;
  const staging = await Staging.inside(plan.folder);
  try {
    // The proof runs with the very helper that will stand beside the test.
    const usesOurs = helper.value === 'ours';
    await staging.write(helperName, usesOurs ? helperSource : (standing ?? ''));
    await staging.write(plan.fixtureName, fixtureText);
    const testFile = await staging.write(plan.testName, testIn(staging.folder));
    const mutationsFile = await staging.write('mutations.json', JSON.stringify(mutations));
    const shownFile = relative(workspaceFolder, join(plan.folder, plan.testName)).split(sep).join('/');
    const proof = await prove({
      runner: request.runner,
      command: command.value,
      workspaceFolder,
      testFile,
      shownFile,
      reasons: {
        recorded: problemsOf(fixture, scriptOf(fixture, 'recorded')),
        undone: problemsOf(fixture, scriptOf(fixture, 'undone')),
      },
      mutations: { file: mutationsFile, names: mutations.map(({ name }) => name), dropped },
      hasAgent: plan.agent !== undefined,
      rename: [
        [relative(workspaceFolder, staging.folder), relative(workspaceFolder, plan.folder)],
        [basename(staging.folder), basename(plan.folder)],
        [workspaceFolder, '.'],
      ],
      onProgress,
      signal,
    });
    if (signal?.aborted === true) return CANCELLED;
    if (!proof.proved) return { status: 'not-proved', proof };
    await staging.rewrite(plan.testName, testIn(plan.folder));
    await staging.write(plan.proofName, await proofText(proof, fixtureText));
    const names = [...plan.newFiles, ...(usesOurs ? [helperName] : [])];
    const replace = new Set(standing === undefined ? [] : [helperName]);
    const files = await staging.place(names, replace, new Set([helperName]));
    return { status: 'written', files, testFile: join(plan.folder, plan.testName), proof, command: proof.command };
  } finally {
    await staging.remove();
  }
}

async function fixtureOf(
  { trace, step, request, policy, signal }: GenerateTestInput,
  run: Run,
): Promise<Result<Fixture>> {
  const { verdicts } = await judgeRun(trace, run, { ...(policy && { policy }), ...(signal && { signal }) });
  const verdict = verdictOf(verdicts, step);
  return buildFixture({
    trace,
    run,
    step,
    title: request.title,
    mode: request.mode,
    correction: request.correction,
    detect: secretlintDetector,
    ...(request.release !== undefined && { release: request.release }),
    hindstepVersion: packageJson.version,
    ...(verdict !== undefined && { verdict }),
  });
}
