import { type ForkEdit, forkOf } from '../../core/regression/fork/forkOf.ts';
import { field, isObject, type Json, tryParse } from '../../core/util/json.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { secretlintDetector } from '../../node/regression/secretDetector.ts';
import { forkRun } from '../../node/replay/fork/forkRun.ts';
import { traceText } from '../../node/replay/fork/traceText.ts';
import { refuseExisting, writeWhole } from '../../node/writeWhole.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { comparedJson, comparedLines } from '../comparedText.ts';
import { DRIVER_OPTIONS, driverFrom } from '../driverOptions.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';

export const fork: Command = {
  name: 'fork',
  summary: 'Changes a step and lets the agent go on from there, with recorded tools; shows where the new run parts.',
  options: [
    { name: 'step', value: 'N', words: 'the step, counted from 0 as `steps` lists them; needed' },
    { name: 'run', value: 'ID', words: 'the run: its id, or its position from 0 (default: the only run)' },
    { name: 'thought', value: 'TEXT', words: 'the step is decided anew after these words of the agent' },
    { name: 'system', value: 'TEXT', words: 'the step is decided anew under this system prompt' },
    { name: 'action', value: 'JSON', words: 'the step makes this call instead: {"tool": …, "arguments": {…}}' },
    { name: 'observation', value: 'JSON', words: "what the step's call answers instead; JSON, or a text" },
    ...DRIVER_OPTIONS,
    { name: 'out', value: 'FILE', words: 'writes the new run to a new trace file (OpenAI chat messages)' },
  ],
  teaches: [
    'hindstep fork run.trace.json --step 4 --system "Cancel only what was ordered twice." \\',
    '  --endpoint http://127.0.0.1:11434/v1 --model qwen3 --out forked.trace.json',
    `hindstep fork run.trace.json --step 2 --observation '{"orders": []}' --agent agents/orders.ts:agent`,
    '',
    'Without a change the step is only decided anew. Tools answer what was recorded from the step on; a call that was not',
    'recorded ends the run and is explained, with calls counted from the fork. Nothing is called live.',
    'The agent must go on from `messages`, which end at the fork. Secrets are replaced before it sees them.',
    'JSON: {file, run, step, ended?, note?, messages, aligned, firstDivergence, finalTexts}, as of `diff`.',
    'Exit code: 0 it ran to its end, 1 it left the recording, 2 could not judge.',
  ],
  run: (args, output) => {
    if (args.files.length > 1) {
      output.error('One file is forked at a time.');
      return Promise.resolve(2);
    }
    return eachFile(args.files, output, (file) => forkFile(file, args, output));
  },
};

async function forkFile(file: OpenedFile, args: Arguments, output: Output): Promise<ExitCode> {
  const refuse = (sentence: string): ExitCode => {
    output.error(sentence);
    return 2;
  };
  const [run, ...more] = chosenRuns(file, args.text('run'));
  if (run === undefined) return refuse(`${file.path}: there is no run in this file.`);
  if (more.length > 0) return refuse(`${file.path}: there are ${more.length + 1} runs; choose one with --run.`);
  const step = args.text('step');
  if (step === undefined || !/^\d+$/.test(step)) return refuse('Which step? Give its number from 0: --step 4');
  const edit = editFrom(args);
  if (!edit.ok) return refuse(edit.error);
  const made = await forkOf(file.trace, run, Number(step), edit.value, secretlintDetector);
  if (!made.ok) return refuse(`${file.path}: ${made.error}`);
  const driver = driverFrom(args, made.value.fixture);
  if (!driver.ok) return refuse(driver.error);
  if (driver.value === undefined) return refuse('Who goes on? Name --agent FILE:NAME, or --endpoint URL and --model.');
  const out = args.text('out');
  if (out !== undefined) await refuseExisting(out, false);
  const forked = await forkRun(made.value, [file.trace, run], driver.value, output.signal);
  const { compared, ended, note, text } = forked;
  if (out !== undefined) await writeWhole(out, [await traceText(text)]);
  if (args.json) {
    const messages = field(tryParse(text), 'messages') ?? [];
    const told = { file: file.path, run: run.id, step: Number(step), ...(ended && { ended }), ...(note && { note }) };
    output.out(JSON.stringify({ ...told, messages, ...comparedJson(compared) }));
  } else {
    output.out(`${file.path} · run ${run.id} │ forked at [${step}]`);
    for (const line of comparedLines(compared)) output.out(line);
    if (note !== undefined) output.error(note);
    if (ended !== undefined) output.out(`It ended there: ${ended}`);
    if (out !== undefined) output.out(`wrote ${out}`);
  }
  return ended === undefined ? 0 : 1;
}

/** The change that the options name. */
function editFrom(args: Arguments): Result<ForkEdit> {
  const [thought, system] = [args.text('thought'), args.text('system')];
  const [action, observed] = [args.text('action'), args.text('observation')];
  const kinds = [thought, system, action ?? observed].filter((one) => one !== undefined);
  if (kinds.length > 1)
    return err('One thing is changed at a time: a thought, a prompt, or an action with its observation.');
  if (thought !== undefined) return ok({ kind: 'thought', text: thought });
  if (system !== undefined) return ok({ kind: 'system', text: system });
  const observation: Json | undefined = observed === undefined ? undefined : (tryParse(observed) ?? observed);
  if (action === undefined)
    return ok(observation === undefined ? { kind: 'none' } : { kind: 'observation', observation });
  const call = tryParse(action);
  const [tool, given] = [field(call, 'tool'), field(call, 'arguments') ?? {}];
  if (typeof tool !== 'string' || !isObject(given)) {
    return err('--action takes JSON like {"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}.');
  }
  return ok({ kind: 'action', call: { tool, arguments: given }, ...(observation !== undefined && { observation }) });
}
