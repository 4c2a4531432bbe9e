import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { VARIANTS } from '../../core/regression/variants/all.ts';
import type { Run } from '../../core/trace/model.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { type JudgeOptions, judgeRun } from '../../node/judgement/judgeRun.ts';
import { draftTest } from '../../node/regression/draftTest.ts';
import { generateTest } from '../../node/regression/generateTest.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { requestFrom } from '../fixtureRequest.ts';
import { judging, POLICY_OPTION } from '../judging.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';

export const fixture: Command = {
  name: 'fixture',
  summary: 'Makes a regression test of a step, and proves it: red on the recorded run, green on the correction.',
  options: [
    { name: 'run', value: 'ID', words: 'the run: its id, or its position from 0 (default: the only run)' },
    { name: 'step', value: 'N', words: 'the failing step, counted from 0 (default: the most suspect one)' },
    { name: 'must-not-call', words: 'the correction: the recorded call must not be made' },
    { name: 'must-call', value: 'JSON', words: 'the correction: {"tool": …, "arguments": {…}} must be called instead' },
    { name: 'ask-first', words: 'the correction: the user must be asked before the recorded call' },
    { name: 'must-not-claim', value: 'TEXT', words: 'the correction: the final answer must not say this' },
    { name: 'runner', value: 'NAME', words: 'node-test, vitest, jest or pytest (default: what the workspace uses)' },
    {
      name: 'mode',
      value: 'NAME',
      words: 'trace-check, decision-point or replay (default: replay with --agent, else trace-check)',
    },
    {
      name: 'agent',
      value: 'FILE:NAME',
      words: 'the agent under test: a module or Python file, and the callable in it',
    },
    { name: 'out', value: 'DIR', words: 'where the test goes (default: where the runner looks)' },
    { name: 'workspace', value: 'DIR', words: 'the project that the test belongs to (default: the current folder)' },
    { name: 'title', value: 'TEXT', words: 'the test in words' },
    { name: 'name', value: 'FILE', words: 'the name of the test file' },
    {
      name: 'release',
      value: 'NAMES',
      words: 'secrets that may be written: placeholders (EMAIL_1), rules (email) or fields, by commas',
    },
    {
      name: 'variants',
      value: 'NAMES',
      words: `harder runs that a replay test asks for as well, by commas: ${VARIANTS.map(({ id }) => id).join(', ')}`,
    },
    POLICY_OPTION,
  ],
  teaches: [
    'hindstep fixture run.trace.json --step 4 --runner pytest --out tests --must-not-call',
    `hindstep fixture run.trace.json --step 4 --must-call '{"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}'`,
    'hindstep fixture run.trace.json --agent agents/orders.ts:agent --ask-first',
    `hindstep fixture run.trace.json --must-not-claim "I've upgraded your account"`,
    '',
    'What cannot be proved is not written, and nothing is ever overwritten.',
    'Exit code: 0 proved and written, 1 not proved (nothing written), 2 could not judge.',
  ],
  run: async (args, output) => {
    if (args.files.length > 1) {
      output.error('A test is made of one file at a time.');
      return 2;
    }
    return eachFile(args.files, output, (file) => make(file, args, output));
  },
};

async function make(file: OpenedFile, args: Arguments, output: Output): Promise<ExitCode> {
  const run = theRun(file, args);
  const how = await judging(args, output, file.path);
  const step = run.ok ? await theStep(file, run.value, args, how) : run;
  if (!run.ok || !step.ok) {
    output.error(`${file.path}: ${run.ok ? (step.ok ? '' : step.error) : run.error}`);
    return 2;
  }
  const workspaceFolder = workspaceOf(args.text('workspace'), args.text('out'));
  const target = {
    trace: file.trace,
    run: run.value.id,
    step: step.value,
    workspaceFolder,
    traceFile: resolve(file.path),
    ...(how.policy && { policy: how.policy }),
  };
  const draft = await draftTest(target);
  const request = requestFrom(draft, run.value.id, step.value, args, workspaceFolder);
  if (!request.ok) {
    output.error(`${file.path}: ${request.error}`);
    return 2;
  }
  const onProgress = (line: string) => {
    if (!args.json) output.error(line);
  };
  const outcome = await generateTest({ ...target, request: request.value, onProgress, signal: output.signal });
  if (args.json) output.out(JSON.stringify({ file: file.path, run: run.value.id, step: step.value, ...outcome }));
  switch (outcome.status) {
    case 'written':
      if (!args.json) {
        for (const path of outcome.files) output.out(`wrote ${path}`);
        for (const proof of outcome.proof.runs)
          output.out(`  ${proof.agent}: ${proof.actual} (expected ${proof.expected})`);
        output.out(outcome.proof.sentence);
        output.out(`run it: ${outcome.command}`);
      }
      return 0;
    case 'not-proved':
      if (!args.json) {
        output.error(`Not proved, so nothing was written: ${outcome.proof.sentence}`);
        for (const proof of outcome.proof.runs)
          output.error(`  ${proof.agent}: ${proof.actual} (expected ${proof.expected})`);
      }
      return 1;
    case 'exists':
      output.error(`${outcome.path} exists; choose another --name or --out. Nothing was written.`);
      return 2;
    case 'failed':
      output.error(outcome.reason);
      return 2;
  }
}

function theRun(file: OpenedFile, args: Arguments): Result<Run> {
  const runs = chosenRuns(file, args.text('run'));
  const [run] = runs;
  if (run === undefined) return err('there is no run in this file.');
  if (runs.length > 1) return err(`there are ${runs.length} runs; choose one with --run.`);
  return ok(run);
}

async function theStep(file: OpenedFile, run: Run, args: Arguments, how: JudgeOptions): Promise<Result<number>> {
  const wanted = args.text('step');
  if (wanted !== undefined) {
    const step = Number(wanted);
    if (Number.isInteger(step) && step >= 0 && step < run.steps.length) return ok(step);
    return err(`there is no step ${wanted}; the run has ${run.steps.length}, counted from 0.`);
  }
  const { suspects } = await judgeRun(file.trace, run, how);
  const [suspect] = suspects;
  return suspect === undefined ? err('no step is suspect; say which one with --step.') : ok(suspect.step);
}

/** The current folder; for tests that go elsewhere, the folder that theirs stands in. */
function workspaceOf(wanted: string | undefined, out: string | undefined): string {
  const here = resolve(wanted ?? '.');
  if (wanted !== undefined || out === undefined) return here;
  const way = relative(here, resolve(out));
  return way.startsWith('..') || isAbsolute(way) ? dirname(resolve(out)) : here;
}
