import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import { Redactor, redact } from '../../src/core/redact/redact.ts';
import type { Json } from '../../src/core/util/json.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';
import { secretlintDetector } from '../../src/node/regression/secretDetector.ts';
import { POSITIONS, standsIn } from './plantSecrets.ts';
import { type MadeSecret, makeSecrets, randomOf } from './secretsMade.ts';

const SHARED = resolve(import.meta.dirname, '../../../shared/traces');
const CORPUS = resolve(import.meta.dirname, '../corpus');
const SEED = 20_261_121;

/** The folder of real traces: the large collection beside the project where there is one, else the project's own corpus. */
export function tracesFolder(): string {
  return existsSync(SHARED) ? SHARED : CORPUS;
}

/** The words of every trace that opens in a folder, a list for each file. */
export async function* wordsOfTraces(folder: string): AsyncGenerator<{ file: string; words: Json[] }> {
  for (const file of filesUnder(folder)) {
    const source = await openFileSource(file);
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(file)) }).catch(() => undefined);
    if (opened?.ok === true) {
      const words: Json[] = [];
      for (const run of opened.value.trace.runs) {
        const { title, goal, agent, systemPrompt, tools, feedback } = run;
        words.push(plain({ title, goal, agent, systemPrompt, tools, feedback }));
        for await (const { label, thought, message, state, screen, request, extra, actions } of opened.value.steps(
          run,
        )) {
          const said = actions.map(({ rawArguments, arguments: given, observation }) => {
            return { rawArguments, arguments: given, observation: observation?.content };
          });
          words.push(plain({ label, thought, message, state, screen, request, extra, actions: said }));
        }
      }
      yield { file, words };
    }
    await source.close?.();
  }
}

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (!entry.name.endsWith('.golden.txt')) yield path;
  }
}

function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

export interface Missed {
  readonly secret: MadeSecret;
  readonly position: string;
}

export interface Recall {
  readonly planted: number;
  readonly missed: readonly Missed[];
}

/** Plants made secrets into texts of traces, each at a place of its own, and tells which ones redaction let through. */
export async function measureRecall(texts: readonly string[], count: number, seed = SEED): Promise<Recall> {
  const random = randomOf(seed);
  const positions = Object.keys(POSITIONS);
  const missed: Missed[] = [];
  for (const secret of makeSecrets(count, seed)) {
    const fitting = positions.filter((position) => standsIn(secret, position));
    const position = fitting[Math.floor(random() * fitting.length)] ?? '';
    const around = texts[Math.floor(random() * texts.length)] ?? '';
    const planted = POSITIONS[position]?.(secret, around) ?? '';
    const { value } = await redact(planted, secretlintDetector);
    if (isLeft(secret.hidden, JSON.stringify(value))) missed.push({ secret, position });
  }
  return { planted: count, missed };
}

/** A secret is left when any eight characters of it are, in any writing. */
function isLeft(hidden: string, text: string): boolean {
  const plainText = text.replace(/\\+n|\s|\\/g, '');
  const wanted = hidden.replace(/[\s\\]/g, '');
  const width = Math.min(8, wanted.length);
  for (let i = 0; i + width <= wanted.length; i++) {
    const piece = wanted.slice(i, i + width);
    if (plainText.includes(piece) || plainText.includes(encodeURIComponent(piece))) return true;
  }
  return false;
}

/** Texts of traces to plant into: words of 200 to 2000 characters, the same ones every time. */
export function textsToPlantIn(words: readonly Json[]): string[] {
  const texts: string[] = [];
  const stack = [...words];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') {
      if (node.length >= 200) texts.push(node.slice(0, 2000));
    } else if (typeof node === 'object' && node !== null) stack.push(...Object.values(node));
  }
  return texts;
}

export interface Masks {
  /** Counted as four characters each. */
  tokens: number;
  /** Masked places by rule. */
  readonly byRule: Map<string, number>;
  /** ms of processor time: redaction, and `JSON.parse` of the same words. */
  redaction: number;
  parse: number;
  characters: number;
}

export function noMasks(): Masks {
  return { tokens: 0, byRule: new Map(), redaction: 0, parse: 0, characters: 0 };
}

/** Redacts the words of one trace as an export does, and adds up what was masked. */
export async function addMasks(masks: Masks, words: readonly Json[]): Promise<void> {
  const texts = words.map((value) => JSON.stringify(value));
  const start = process.cpuUsage().user;
  for (const text of texts) JSON.parse(text);
  const parsed = process.cpuUsage().user;
  const redactor = new Redactor(secretlintDetector);
  for (const value of words) await redactor.learn(value);
  for (const value of words) {
    for (const { rule } of redactor.apply(value).redactions) masks.byRule.set(rule, (masks.byRule.get(rule) ?? 0) + 1);
  }
  masks.redaction += (process.cpuUsage().user - parsed) / 1000;
  masks.parse += (parsed - start) / 1000;
  masks.characters += texts.reduce((sum, text) => sum + text.length, 0);
  masks.tokens = masks.characters / 4;
}

/**
 * Rules whose masks are right by their shape (an address, a number with its check digits, a key with its service's prefix,
 * a home folder). What the others mask in real traces counts as false, though some of it is a password indeed: the figure
 * is an upper bound.
 */
const SURE = new Set([
  'email',
  'phone',
  'card-number',
  'iban',
  'home-folder',
  'known-key',
  'private-key',
  'url-password',
]);

/** False masks a 10,000 tokens, at most. */
export function falseMasks({ tokens, byRule }: Masks): number {
  let count = 0;
  for (const [rule, masked] of byRule) if (!SURE.has(rule)) count += masked;
  return (count / tokens) * 10_000;
}
