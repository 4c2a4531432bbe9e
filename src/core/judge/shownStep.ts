import { cut } from '../evaluators/shared/wording.ts';
import { cutStep, cutText } from '../trace/cutStep.ts';
import type { ContentPart, Step } from '../trace/model.ts';
import { field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { ShownText } from './question.ts';

/** A text that is longer is not redacted as a whole. Characters. */
const LONGEST = 30_000;
/** What is left out at the end of a text that was cut before it was redacted: half a secret may stand there. */
const EDGE = 8000;
const SHORTEST = 80;
/** What a line has beside its text, when that is shown whole: its indentation, its colon, its end. Characters. */
const AROUND = 5;
/** What is said between the beginning and the end of a long text. Characters. */
const BETWEEN = 40;
/** A name of an agent that is longer is cut. */
const AGENT = 60;

/** What of a step may be shown to a model, as plain data to be redacted. Pictures, requests and ids are left out. */
export function plainStep(step: Step): JsonObject {
  const { step: bounded } = cutStep({ ...lean(step) }, LONGEST);
  const { thought, message, actions } = bounded;
  return {
    who: who(step),
    ...(thought !== undefined && { thought }),
    message: (message ?? []).map(partValue),
    actions: actions.map(({ tool, arguments: given, rawArguments, observation }) => ({
      tool,
      arguments: given,
      ...(rawArguments !== undefined && Object.keys(given).length === 0 && { rawArguments }),
      ...(observation !== undefined && { observation: observation.content.map(partValue) }),
    })),
  };
}

/** The texts of a step, each with how it is headed, in reading order. `hindsight`: what its calls answered is shown too. */
export interface Headed extends ShownText {
  readonly head: string;
}

/**
 * The texts of a step from what `plainStep` made of it, redacted by now; with their heads they have at most `budget`
 * characters. Of very many texts the first and the last ones are shown.
 */
export function textsOf(step: number, plain: JsonObject, hindsight: boolean, budget: number): Headed[] {
  const all = ends(wholeTexts(step, plain, hindsight), Math.floor(budget / SHORTEST));
  const around = all.reduce((sum, { head }) => sum + head.length + AROUND, 0);
  const shares = sharesOf(
    all.map(({ text }) => text.length),
    Math.max(0, budget - around),
  );
  return all.flatMap((headed, i) => shortened(headed, shares[i] ?? 0));
}

/** So many of a list, from its beginning and its end. */
function ends<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  const atEnd = Math.floor(count / 2);
  return [...all.slice(0, count - atEnd), ...all.slice(-atEnd)];
}

function wholeTexts(step: number, plain: JsonObject, hindsight: boolean): Headed[] {
  const texts: Headed[] = [];
  const add = (head: string, pointer: string, value: Json | undefined) => {
    if (value === undefined) return;
    const whole = typeof value === 'string' ? value : jsonText(value, LONGEST);
    const text = whole.length >= LONGEST ? whole.slice(0, -EDGE) : whole;
    if (text.trim() !== '') texts.push({ head, step, pointer, text });
  };
  add('thought', '/thought', plain.thought);
  const addParts = (head: string, pointer: string, parts: Json | undefined) => {
    for (const [i, part] of list(parts).entries()) {
      for (const name of ['text', 'value']) add(head, `${pointer}/${i}/${name}`, field(part, name));
    }
  };
  addParts('says', '/message', plain.message);
  for (const [i, action] of list(plain.actions).entries()) {
    if (!isObject(action)) continue;
    add('calls', `/actions/${i}/tool`, action.tool);
    if (action.rawArguments === undefined) add('with', `/actions/${i}/arguments`, action.arguments);
    else add('with', `/actions/${i}/rawArguments`, action.rawArguments);
    if (hindsight) addParts('gets', `/actions/${i}/observation/content`, action.observation);
  }
  return texts;
}

/** Short texts get what they need, long ones share the rest. */
function sharesOf(lengths: readonly number[], budget: number): number[] {
  const shares = lengths.map(() => 0);
  let left = budget;
  const shortestFirst = lengths.map((length, i) => ({ length, i })).sort((a, b) => a.length - b.length);
  for (const [rank, { length, i }] of shortestFirst.entries()) {
    const share = Math.min(length, Math.floor(left / (lengths.length - rank)));
    shares[i] = share;
    left -= share;
  }
  return shares;
}

/** Of a long text its beginning and its end: errors stand in the first, conclusions in the second. */
function shortened(headed: Headed, share: number): Headed[] {
  const { text, head } = headed;
  if (text.length <= share) return [headed];
  if (share < SHORTEST) return share === 0 ? [] : [{ ...headed, text: cutText(text, share) }];
  const room = share - BETWEEN;
  const start = cutText(text, Math.floor((room * 2) / 3));
  const rest = Math.floor(room / 3);
  const left = text.length - start.length - rest;
  return [
    { ...headed, text: start },
    { ...headed, head: `${head}, after ${left} characters more`, text: wellFormed(text.slice(-rest)) },
  ];
}

/** Without the half of a pair of surrogates that it may begin with. */
function wellFormed(text: string): string {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? text.slice(1) : text;
}

function lean({ request: _request, extra: _extra, state: _state, screen: _screen, ...step }: Step): Step {
  return step;
}

function who({ kind, agent }: Step): string {
  if (kind === 'user' || kind === 'system') return kind;
  return agent === undefined ? 'agent' : `agent ${cut(agent, AGENT)}`;
}

function partValue(part: ContentPart): Json {
  switch (part.type) {
    case 'text':
    case 'diff':
    case 'terminal':
      return { text: part.text };
    case 'json':
      return { value: part.value };
    case 'image':
      return {};
  }
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
