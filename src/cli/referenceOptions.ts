import { ARGUMENT_MODES, type ArgumentMode, ORDER_MODES, type OrderMode } from '../core/evaluators/reference.ts';
import { openReference, type ReferenceFile, type ReferenceRequest } from '../node/judgement/referenceFile.ts';
import type { Arguments, Option } from './command.ts';

/** What commands that compare runs can be told about what they are compared with. */
export const REFERENCE_OPTIONS: readonly Option[] = [
  {
    name: 'reference',
    value: 'FILE',
    words: 'compare with another trace, a fixture, or a list of calls: [{"tool": …, "arguments": {…}}]',
  },
  { name: 'reference-run', value: 'ID', words: 'which run of it; else the one with the same task' },
  { name: 'reference-order', value: 'MODE', words: `${ORDER_MODES.join(', ')}; in-order unless told` },
  {
    name: 'reference-arguments',
    value: 'MODES',
    words: `${ARGUMENT_MODES.join(', ')}; for one tool: TOOL=MODE; several with commas; facts unless told`,
  },
];

/** The reference that the options name; undefined when they name none. Throws a sentence when it can't be used. */
export async function referenceOf(args: Arguments, signal: AbortSignal): Promise<ReferenceFile | undefined> {
  const path = args.text('reference');
  const run = args.text('reference-run');
  const order = orderOf(args.text('reference-order'));
  const argumentModes = argumentModesOf(args.text('reference-arguments'));
  if (path === undefined) {
    if (run === undefined && order === undefined && argumentModes === undefined) return undefined;
    throw new Error('The other reference options need --reference, which names the file to compare with.');
  }
  const request: ReferenceRequest = {
    path,
    ...(run !== undefined && { run }),
    ...(order !== undefined && { order }),
    ...(argumentModes !== undefined && { argumentModes }),
  };
  const opened = await openReference(request, signal);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

function orderOf(text: string | undefined): OrderMode | undefined {
  if (text === undefined) return undefined;
  const mode = ORDER_MODES.find((known) => known === text);
  if (mode === undefined) throw new Error(`--reference-order is one of ${ORDER_MODES.join(', ')}.`);
  return mode;
}

/** `exact` for all tools, `search=ignore` for one. */
function argumentModesOf(text: string | undefined): Record<string, ArgumentMode> | undefined {
  if (text === undefined) return undefined;
  const modes: Record<string, ArgumentMode> = Object.create(null);
  for (const part of text.split(',')) {
    const [, tool = '*', name] = /^(?:(.+)=)?([^=]*)$/.exec(part.trim()) ?? [];
    const mode = ARGUMENT_MODES.find((known) => known === name);
    if (mode === undefined) throw new Error(`--reference-arguments knows ${ARGUMENT_MODES.join(', ')}, not "${part}".`);
    modes[tool] = mode;
  }
  return modes;
}
