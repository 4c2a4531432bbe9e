import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { RULE_KINDS, ruleWords } from '../../core/guard/guardrail/rule.ts';
import { EMITTERS } from '../../core/regression/emitters/registry.ts';
import { type GuardrailPlan, planGuardrail } from '../../node/guard/planGuardrail.ts';
import { proveGuardrail } from '../../node/guard/writeGuardrail.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { judging, POLICY_OPTION } from '../judging.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';

export const guardrail: Command = {
  name: 'guardrail',
  summary:
    'Makes a policy rule, a check and a test of an unsafe step, so that it is refused or asked about from now on.',
  options: [
    { name: 'run', value: 'ID', words: 'which run, where the file has several (an id, or a position from 0)' },
    { name: 'step', value: 'N', words: 'the unsafe step, from 0' },
    {
      name: 'rule',
      value: 'KIND',
      words: 'approval: a person is asked; deny: never; once: not once more (default: by the finding)',
    },
    { name: 'language', value: 'js|py', words: 'of the check and its test (default: what the workspace uses)' },
    { name: 'runner', value: 'NAME', words: `of the test: ${EMITTERS.map(({ id }) => id).join(', ')}` },
    { name: 'out', value: 'DIR', words: 'the folder of the check and its test (default: where the tests lie)' },
    { name: 'workspace', value: 'DIR', words: 'the project that they belong to (default: the current folder)' },
    { name: 'write', words: 'writes it; without this it is proved and shown' },
    POLICY_OPTION,
  ],
  teaches: [
    'hindstep guardrail run.trace.json --step 4                 proves it and shows the rule',
    'hindstep guardrail run.trace.json --step 4 --language py --out tests --write',
    '',
    'The test must be red without the rule and green with it. No file is overwritten; the policy keeps its comments.',
    'Exit code: 0 proved, 1 not proved (nothing written), 2 could not begin.',
  ],
  run: async (args, output) => {
    if (args.files.length > 1) return refuse(output, 'A guardrail is made of one file at a time.');
    return eachFile(args.files, output, (file) => make(file, args, output));
  },
};

async function make(file: OpenedFile, args: Arguments, output: Output): Promise<ExitCode> {
  const [run, ...more] = chosenRuns(file, args.text('run'));
  if (run === undefined || more.length > 0) {
    return refuse(
      output,
      `${file.path}: ${run === undefined ? 'there is no such run.' : 'there are several runs; choose one with --run.'}`,
    );
  }
  const step = Number(args.text('step') ?? Number.NaN);
  if (!Number.isInteger(step) || step < 0 || step >= run.steps.length) {
    return refuse(output, `${file.path}: --step takes one of the run's ${run.steps.length} steps, counted from 0.`);
  }
  const kind = RULE_KINDS.find((known) => known === args.text('rule'));
  if (args.text('rule') !== undefined && kind === undefined)
    return refuse(output, `--rule is one of ${RULE_KINDS.join(', ')}.`);
  const language = args.text('language');
  if (language !== undefined && language !== 'js' && language !== 'py')
    return refuse(output, '--language is js or py.');
  const runner = EMITTERS.find(({ id }) => id === args.text('runner'))?.id;
  if (args.text('runner') !== undefined && runner === undefined) {
    return refuse(output, `--runner is one of ${EMITTERS.map(({ id }) => id).join(', ')}.`);
  }
  const { policy } = await judging(args, output, file.path);
  const workspaceFolder = workspaceOf(args.text('workspace'), args.text('out'));
  const [out, policyPath] = [args.text('out'), args.text('policy')];
  const plan = await planGuardrail({
    trace: file.trace,
    run,
    step,
    traceFile: resolve(file.path),
    workspaceFolder,
    ...(policy !== undefined && { policy }),
    ...(policyPath !== undefined && { policyPath: resolve(policyPath) }),
    ...(kind !== undefined && { kind }),
    ...(language !== undefined && { language }),
    ...(runner !== undefined && { runner }),
    ...(out !== undefined && { folder: relative(workspaceFolder, resolve(out)).split(sep).join('/') }),
  });
  if (!plan.ok) return refuse(output, `${file.path}: ${plan.error}`);
  if (!args.json) for (const line of planLines(plan.value)) output.out(line);
  const write = args.flag('write');
  const made = await proveGuardrail(plan.value, workspaceFolder, { write, signal: output.signal });
  if (!made.ok) {
    output.error(made.error);
    return made.error.startsWith('Not proved') ? 1 : 2;
  }
  if (args.json) {
    const { rule, policy: edit } = plan.value;
    output.out(
      JSON.stringify({
        file: file.path,
        run: run.id,
        step,
        rule,
        policy: { path: edit.path, added: edit.added },
        written: write,
        ...made.value,
      }),
    );
    return 0;
  }
  output.out(made.value.proof);
  for (const path of made.value.files) output.out(`${write ? 'wrote' : 'would write'} ${path}`);
  output.out(write ? `run it: ${made.value.command}` : 'Nothing was written; --write writes it.');
  return 0;
}

function planLines({ rule, policy }: GuardrailPlan): string[] {
  const head = `From now on ${ruleWords(rule)}.`;
  if (policy.added.length === 0) return [head, `${policy.path} says so already.`];
  return [
    head,
    `${policy.path}${policy.before === undefined ? ' (new)' : ''}:`,
    ...policy.added.map(({ line, text }) => `  ${line}: ${text}`),
  ];
}

/** The current folder; for files that go elsewhere, the folder that theirs stands in. */
function workspaceOf(wanted: string | undefined, out: string | undefined): string {
  const here = resolve(wanted ?? '.');
  if (wanted !== undefined || out === undefined) return here;
  const way = relative(here, resolve(out));
  return way.startsWith('..') || isAbsolute(way) ? dirname(resolve(out)) : here;
}

function refuse(output: Output, sentence: string): ExitCode {
  output.error(sentence);
  return 2;
}
