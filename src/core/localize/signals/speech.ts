import type { Step } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';

/** What signals read in the messages of agents. Of a very long text they look at its start and its end. */
const START = 20_000;
const END = 4_000;

/** The start and the end of a text, which is all of it when it is not very long. */
export function ends(text: string): string {
  return text.length <= START + END ? text : `${text.slice(0, START)}\n${text.slice(-END)}`;
}

/** A step in which an agent decides or says something, not the user or the system. */
export function isAgents(step: Step): boolean {
  return step.kind !== 'user' && step.kind !== 'system' && step.kind !== 'approval';
}

/** What is said in a step, thought and message. */
export function spoken(step: Step): string {
  const known = texts.get(step);
  if (known !== undefined) return known;
  const message = partsText(step.message ?? []);
  const text = ends(
    step.thought === undefined ? message : message === '' ? step.thought : `${step.thought}\n${message}`,
  );
  texts.set(step, text);
  return text;
}

/** Every signal asks for the same text; it goes when its step does. */
const texts = new WeakMap<Step, string>();

/**
 * True for a step in which an agent runs what another one wrote: calls are recorded, but not what they were made with,
 * for that stands in the message before.
 */
export function runsOthersCode(step: Step): boolean {
  return step.actions.length > 0 && step.actions.every((action) => !action.argumentsRecorded);
}

/** True for what the agent who directs the others thinks or tells them to do; the work is done in other steps. */
export function isForeman({ label }: Step): boolean {
  return label === 'thought' || label?.startsWith('->') === true;
}

/** True for a message that tells what an agent did with a tool and saw there, rather than what it thinks. */
export function reportsWhatItSaw(text: string): boolean {
  return /^\s*(?:I (?:typed|clicked|scrolled|visited|opened|hovered|pressed|waited|navigated|went|downloaded)\b|Address: |The script ran\b)/i.test(
    text,
  );
}

/** The fenced code blocks of a text. */
export function codeIn(text: string): string[] {
  return text.split('```').filter((_, i) => i % 2 === 1);
}

/** A text without its fenced code blocks. */
export function withoutCode(text: string): string {
  return text
    .split('```')
    .filter((_, i) => i % 2 === 0)
    .join('\n');
}

const EMPTY_WORDS = new Set(
  'the and for with that this these those from was were are been what which who whom how when where why its not into your you our can could will would should may might there their they them she his her has have had did does please then than also any all each other such more most less over about between during per out off via using use used only if but'.split(
    ' ',
  ),
);

/** The words of a text that carry its content, in lower case: three characters and more, no function words. */
export function contentWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY_WORDS.has(word)));
}

/** The share of `words` that `others` has too; 0 when there are none. */
export function shareIn(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  if (words.size === 0) return 0;
  let both = 0;
  for (const word of words) if (others.has(word)) both++;
  return both / words.size;
}
