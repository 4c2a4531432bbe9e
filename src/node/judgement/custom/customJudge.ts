import { dirname } from 'node:path';
import { contextFor } from '../../../core/evaluators/context.ts';
import type { EvaluateOptions } from '../../../core/evaluators/evaluate.ts';
import { EVALUATORS } from '../../../core/evaluators/registry.ts';
import { ROLL_UPS } from '../../../core/evaluators/rollUps.ts';
import type { Verdict } from '../../../core/evaluators/verdict.ts';
import type { OpenTrace } from '../../../core/formats/openTrace.ts';
import type { Run, Step } from '../../../core/trace/model.ts';
import type { Json } from '../../../core/util/json.ts';
import { messageOf } from '../../../core/util/result.ts';
import type { CustomEvaluatorSettings } from '../../../protocol/judgementSettings.ts';
import { nearestPython } from '../../regression/nearestPython.ts';
import type { ExtraJudge } from '../judgeRun.ts';
import { type CustomEvaluatorFile, findCustomEvaluators } from './findCustomEvaluators.ts';
import nodeHost from './hosts/host.mjs?raw';
import pythonHost from './hosts/host.py?raw';
import serveModules from './hosts/serveModules.mjs?raw';
import { type ReadAnswer, readAnswer } from './readAnswer.ts';
import { type HostProgram, type Limits, runEvaluator } from './runEvaluator.ts';

/** Processes at a time. */
const AT_ONCE = 2;
const LIMITS: Limits = { time: 30, memory: 512 };

/**
 * Judges by the custom evaluators of a folder, each in a process of its own that sees the steps stream past once. They
 * are looked for anew each time. Whatever one of them does, its own verdict tells it and nothing else is harmed.
 */
export function customJudge(
  { folder }: CustomEvaluatorSettings,
  policy?: EvaluateOptions['policy'],
  limits: Limits = LIMITS,
): ExtraJudge {
  return async (trace, run, verdicts, signal) => {
    let files: CustomEvaluatorFile[];
    try {
      files = await findCustomEvaluators(folder);
    } catch (thrown) {
      const reason = `The folder of custom evaluators can't be read: ${messageOf(thrown)}`;
      return [{ evaluator: 'custom-evaluators', status: 'error', score: null, reason, findings: [] }];
    }
    const answers = new Map<CustomEvaluatorFile, ReadAnswer>();
    const waiting = [...files];
    const work = async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        answers.set(file, await ask(file, trace, run, verdicts, limits, policy, signal));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return signed(files, answers, verdicts);
  };
}

async function ask(
  file: CustomEvaluatorFile,
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  verdicts: readonly Verdict[],
  limits: Limits,
  policy: EvaluateOptions['policy'],
  signal: AbortSignal | undefined,
): Promise<ReadAnswer> {
  const refuse = (sentence: string): ReadAnswer => ({ ok: false, refused: { sentence } });
  try {
    const host = await hostOf(file, limits.memory);
    if (host === undefined) return refuse('needs Python, and none was found here. Install it, or make a .venv.');
    const modules = file.language === 'ts' ? await withoutTypes(file.path) : {};
    const { steps, ...whole } = run;
    const asked = {
      file: file.path,
      modules,
      run: { ...whole, stepCount: steps.length } as unknown as Json,
      context: { verdicts } as unknown as Json,
    };
    const outcome = await runEvaluator(host, asked, withEffects(trace, run, policy, signal), limits, signal);
    return outcome.ok ? readAnswer(outcome.value, run.steps.length) : refuse(outcome.error);
  } catch (thrown) {
    signal?.throwIfAborted();
    return refuse(`can't be run: ${messageOf(thrown)}`);
  }
}

/** The stripper is large, and loaded for who writes in TypeScript (a file of its own in `dist`, see `esbuild.mjs`). */
async function withoutTypes(path: string): Promise<Record<string, string>> {
  const { stripTypes } = await import('./stripTypes.ts');
  return stripTypes(path);
}

async function hostOf({ language, path }: CustomEvaluatorFile, memory: number): Promise<HostProgram | undefined> {
  if (language !== 'py') {
    // The editor's own program is Node too, when it is told so.
    const args = [`--max-old-space-size=${memory}`, '--input-type=module', '--eval', `${serveModules}\n${nodeHost}`];
    return { program: process.execPath, args, env: { ELECTRON_RUN_AS_NODE: '1' } };
  }
  const program = await nearestPython(dirname(path));
  return program === undefined ? undefined : { program, args: ['-B', '-X', 'utf8', '-c', pythonHost], env: {} };
}

/** The steps, each action with its effect class: as recorded, or as it is told by policy, tool, arguments or name. */
async function* withEffects(
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  policy: EvaluateOptions['policy'],
  signal: AbortSignal | undefined,
): AsyncGenerator<Step> {
  const { effectOf } = contextFor(run, policy);
  for await (const step of trace.steps(run, 0, run.steps.length, signal)) {
    const actions = step.actions.map((action) => {
      const effect = effectOf(action);
      return effect === 'unknown' ? action : { ...action, effect };
    });
    yield { ...step, actions };
  }
}

/** The verdicts, each under an id that no other has: nobody speaks for another. */
function signed(
  files: readonly CustomEvaluatorFile[],
  answers: ReadonlyMap<CustomEvaluatorFile, ReadAnswer>,
  before: readonly Verdict[],
): Verdict[] {
  const taken = new Set(
    [...EVALUATORS.map(({ id }) => id), ...ROLL_UPS, ...before.map(({ evaluator }) => evaluator)].map(lower),
  );
  const said: Verdict[] = [];
  const add = (verdict: Verdict) => {
    taken.add(lower(verdict.evaluator));
    said.push(verdict);
  };
  for (const file of files) {
    const answer = answers.get(file);
    if (answer === undefined) continue;
    const failed = (id: string, sentence: string, title?: string) =>
      add({
        evaluator: isReserved(lower(id), taken) ? freeId(file.stem, taken) : id,
        ...(title !== undefined && { title }),
        status: 'error',
        score: null,
        reason: `${file.fileName} ${sentence}`,
        findings: [],
      });
    if (!answer.ok) {
      const { id = file.stem, title, sentence } = answer.refused;
      failed(id, sentence, title);
      continue;
    }
    const names = answer.value.verdicts.map(({ evaluator }) => lower(evaluator));
    const used = names.find((name, i) => isReserved(name, taken) || names.indexOf(name) !== i);
    if (used !== undefined) failed(freeId(file.stem, taken), `says that it is "${used}", which another evaluator is.`);
    else for (const verdict of answer.value.verdicts) add(verdict);
  }
  return said;
}

/** `judge.` is for verdicts that a model gave. */
function isReserved(id: string, taken: ReadonlySet<string>): boolean {
  return taken.has(id) || id.startsWith('judge.');
}

function freeId(stem: string, taken: ReadonlySet<string>): string {
  const base = `custom.${stem}`;
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(lower(id))) return id;
  }
}

function lower(text: string): string {
  return text.toLowerCase();
}
