import { asArray, asFilledText, asText, field, isObject, type JsonObject, tryParse } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type Quote, verified } from './evidence.ts';
import type { JudgeQuestion } from './question.ts';
import type { Label, RubricQuestion } from './rubric.ts';

/** What a model answered, as far as it could be checked. */
export interface Answer {
  readonly label: Label;
  /** The model's words, in one line. They are no fact: only the quotes are. */
  readonly reason: string;
  /** Quotes that really stand where the model says. At least one, unless the label says that nothing can be told. */
  readonly evidence: readonly Quote[];
}

/** Quotes that are kept of one answer. */
const MOST_QUOTES = 5;
const REASON = 300;

/**
 * Reads an answer: prose around the JSON is allowed, but nothing is guessed. An unknown label, the wrong case, two answers that
 * differ, or no quote that stands verbatim in the step that it names make it unusable, with a sentence why.
 */
export function readAnswer(text: string, asked: JudgeQuestion, question: RubricQuestion): Result<Answer> {
  const objects = objectsIn(withoutThinking(text)).filter((object) => Object.hasOwn(object, 'label'));
  if (objects.length === 0) return err('The model gave no answer in the form that was asked for.');
  const own = objects.filter((object) => asText(field(object, 'case')) === asked.case);
  if (own.length === 0) return err('The model gave an answer that is none to this question.');
  const labels = new Set(own.map((object) => asText(field(object, 'label'))?.trim()));
  const [named] = labels;
  if (labels.size > 1) return err('The model gave more than one answer.');
  const label = question.labels.find((known) => known.label === named);
  if (label === undefined) return err('The model gave a label that does not exist.');
  const [answer] = own;
  const quotes = asArray(field(answer, 'evidence')).slice(0, MOST_QUOTES);
  const evidence = quotes.flatMap((quote) => verified(quote, asked.shown) ?? []);
  if (evidence.length === 0 && label.status !== 'na') {
    return err(`The model said "${label.label}" without a quote that stands in the step it names.`);
  }
  return ok({ label, reason: oneLine(asFilledText(field(answer, 'reason')) ?? ''), evidence });
}

/** What a model thought aloud before it answered holds drafts. */
function withoutThinking(text: string): string {
  const end = text.lastIndexOf('</think>');
  return end < 0 ? text : text.slice(end + '</think>'.length);
}

/** Every JSON object at the top of a text; braces in prose are passed over. Linear but for texts full of open braces. */
function objectsIn(text: string): JsonObject[] {
  const found: JsonObject[] = [];
  let tries = 0;
  for (let at = text.indexOf('{'); at >= 0 && tries < MOST_TRIES; at = text.indexOf('{', at)) {
    tries++;
    const end = closingBrace(text, at);
    const value = end < 0 ? undefined : tryParse(text.slice(at, end));
    if (isObject(value)) found.push(value);
    at = isObject(value) ? end : at + 1;
  }
  return found;
}

const MOST_TRIES = 50;

/** One past the brace that closes the one at `start`, or -1. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i + 1;
  }
  return -1;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= REASON ? line : `${line.slice(0, REASON - 1)}…`;
}
