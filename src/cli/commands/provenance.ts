import type { ArgumentOrigin, ForwardUses, OriginPlace } from '../../core/provenance/origin.ts';
import { originsOf } from '../../core/provenance/originsOf.ts';
import { placeName } from '../../core/provenance/placeName.ts';
import { UseIndex } from '../../core/provenance/useIndex.ts';
import { ValueIndex } from '../../core/provenance/valueIndex.ts';
import { maskField, maskText } from '../../core/redact/mask.ts';
import type { Run } from '../../core/trace/model.ts';
import { pointerParts } from '../../core/util/pointer.ts';
import type { Command, ExitCode, Output } from '../command.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';
import { oneLine, plural } from '../text.ts';

export const provenance: Command = {
  name: 'provenance',
  summary: 'Where every argument of a step came from, and which later steps took the values of it.',
  options: [
    { name: 'step', value: 'N', words: 'the step, counted from 0 as `steps` lists them; needed' },
    { name: 'run', value: 'ID', words: 'only this run: its id, or its position from 0; else the first' },
  ],
  teaches: [
    'hindstep provenance run.trace.json --step 4',
    'hindstep provenance run.trace.json --step 4 --json | jq \'.origins[] | select(.kind == "nowhere")\'',
    '',
    'JSON: {file, run, step, origins: [{pointer, value, kind, derivation?, how?, sources: [{step, pointer, within?, range?,',
    '       quote, excerpt, role}], nearest?}], uses: [{place, value, usedBy: [{step, pointer, how}], more}], lookedTo}.',
    '`kind` is direct, derived, authored (written by the model by nature), trivial or nowhere; `step` -1 is the run itself.',
    'A number in brackets is a step as --step counts it. In text, credentials are masked; JSON has values as recorded.',
    'Exit code: 0 answered, 2 no such file, run or step.',
  ],
  run: (args, output) => {
    const wanted = args.text('step');
    if (wanted === undefined || !/^\d+$/.test(wanted)) {
      output.error('Which step? Give its number from 0, as `hindstep steps` lists them: --step 4');
      return Promise.resolve(2);
    }
    return eachFile(args.files, output, async (file) => {
      const [run] = chosenRuns(file, args.text('run'));
      return run === undefined ? 2 : answer(file, run, Number(wanted), args.json, output);
    });
  },
};

async function answer(file: OpenedFile, run: Run, at: number, asJson: boolean, output: Output): Promise<ExitCode> {
  if (at >= run.steps.length) {
    output.error(
      `${file.path}: run ${run.id} has ${plural(run.steps.length, 'step')}; the last is ${run.steps.length - 1}.`,
    );
    return 2;
  }
  const values = new ValueIndex(run);
  const later = new UseIndex(values);
  for await (const step of file.trace.steps(run, 0, run.steps.length, output.signal)) {
    // What a step's arguments took stood before it.
    if (step.index > at) later.add(step);
    values.add(step);
  }
  const step = await file.trace.step(run, at);
  const origins = await originsOf(step, values, (index) => file.trace.step(run, index));
  const uses: ForwardUses = { uses: later.usesOf(step), lookedTo: run.steps.length };
  if (asJson) {
    output.out(JSON.stringify({ file: file.path, run: run.id, step: at, origins, ...uses }));
    return 0;
  }
  const what = step.tools.length > 0 ? step.tools.join(', ') : step.kind;
  output.out(`${file.path} · run ${run.id} · [${at}] ${what}`);
  output.out(origins.length === 0 ? 'Came from: the step has no arguments.' : 'Came from');
  for (const line of origins.flatMap(linesOf)) output.out(`  ${line}`);
  output.out(uses.uses.length === 0 ? 'Used later: nothing of it.' : 'Used later');
  for (const line of usedLines(uses)) output.out(`  ${line}`);
  return 0;
}

const KINDS: Record<ArgumentOrigin['kind'], string> = {
  direct: '',
  derived: 'derived',
  authored: 'written by the model',
  trivial: 'too short or common to tell',
  nowhere: 'FROM NOWHERE',
};

function linesOf(origin: ArgumentOrigin): string[] {
  const { pointer, value, kind, how, sources, nearest } = origin;
  const name = pointerParts(pointer).at(-1) ?? '';
  const text = String(value);
  const shown = maskField(name, text);
  const said = [KINDS[kind], how].filter((words) => words !== undefined && words !== '').join(': ');
  const head = `${argumentName(pointer)} = ${oneLine(shown, 80)}${said === '' ? '' : `  (${said})`}`;
  const hide = shown === text ? undefined : shown;
  const own = kind === 'nowhere' ? 'first said by the agent itself, ' : '';
  return [
    head,
    ...sources.map((place) => `    ← ${own}${placeLine(place, hide)}`),
    ...(nearest === undefined ? [] : [`    ≈ nearest: ${placeLine(nearest, hide)}`]),
  ];
}

function usedLines({ uses }: ForwardUses): string[] {
  return uses.flatMap(({ place, value, usedBy, more }) => {
    const name = pointerParts(`${place.pointer}${place.within ?? ''}`).at(-1) ?? '';
    const inside = pointerParts(usedBy[0]?.pointer ?? '').at(-1) ?? '';
    const shown = maskField(inside, maskField(name, value));
    return [
      `${oneLine(shown, 80)}  (${placeName(place)})`,
      ...usedBy.map((use) => `    → [${use.step}] ${argumentName(use.pointer)}  (${use.how})`),
      ...(more === 0 ? [] : [`    → and ${more} more`]),
    ];
  });
}

/** Where it stands, and the words around it. */
function placeLine(place: OriginPlace, hide: string | undefined): string {
  const { step, role, quote, excerpt } = place;
  const where =
    step < 0 ? `the run’s ${placeName(place)}` : `[${step}] ${role === 'user' ? 'user’s ' : ''}${placeName(place)}`;
  const masked = maskText(excerpt);
  const words = hide === undefined || quote === '' ? masked : masked.replaceAll(quote, () => hide);
  return `${where}: “${oneLine(words, 100)}”`;
}

/** `order_id`, `items/0/id`; of the second action of a step `id of action 2`. */
function argumentName(pointer: string): string {
  return placeName({ step: 0, pointer }).replace(/^argument /, '');
}
