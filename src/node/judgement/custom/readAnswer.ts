import type { Finding, Severity, StepPlace, Verdict, VerdictStatus } from '../../../core/evaluators/verdict.ts';
import { asArray, asText, field, isObject, type Json } from '../../../core/util/json.ts';
import { jsonText } from '../../../core/util/jsonText.ts';
import { err, ok, type Result } from '../../../core/util/result.ts';

/** A part of an id as people see them: `refund-limit`, `orders.refund`. */
const ID = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/i;
const LONGEST_ID = 60;
/** Longest text that is kept, in characters; what is longer is cut. */
const LONGEST = {
  title: 100,
  summary: 300,
  reason: 1000,
  message: 1000,
  quote: 200,
  value: 1000,
  pointer: 1000,
} as const;
const MOST_VERDICTS = 50;
const MOST_FINDINGS = 1000;
const MOST_EVIDENCE = 20;

const STATUSES: readonly VerdictStatus[] = ['pass', 'fail', 'warn', 'na'];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information'];
const CONFIDENCES: readonly Finding['confidence'][] = ['certain', 'likely', 'heuristic'];

/** An answer that holds: who says it, and what. */
export interface Answer {
  readonly id: string;
  readonly verdicts: readonly Verdict[];
}

/** An answer that doesn't, with what is known of who gave it. */
export interface Refused {
  readonly id?: string;
  readonly title?: string;
  /** Goes on from the file's name: `threw: …`. */
  readonly sentence: string;
}

export type ReadAnswer =
  | { readonly ok: true; readonly value: Answer }
  | { readonly ok: false; readonly refused: Refused };

/**
 * The verdicts of a custom evaluator from what its host sent, checked in all parts: nothing in it is believed. `steps` is
 * how many the run has. A text that is too long is cut; everything else that is wrong refuses the answer.
 */
export function readAnswer(answer: Json, steps: number): ReadAnswer {
  const [id, title] = [asText(field(answer, 'id')), asText(field(answer, 'title'))];
  const who = {
    ...(isId(id) && { id }),
    ...(title !== undefined && { title: cut(oneLine(title), LONGEST.title) }),
  };
  const refuse = (sentence: string) => ({ ok: false, refused: { ...who, sentence } }) as const;
  const thrown = field(answer, 'thrown');
  if (thrown !== undefined) {
    const message = cut(oneLine(asText(field(thrown, 'message')) ?? ''), LONGEST.reason);
    const place = asText(field(thrown, 'place'));
    return refuse(`threw: ${message.replace(/\.$/, '')}${place === undefined ? '' : ` (${cut(place, 100)})`}.`);
  }
  if (id === undefined || !isId(id)) {
    return refuse('exports no id; export one such as "refund-limit": letters and digits, parted by dots or hyphens.');
  }
  if (title === undefined || title.trim() === '')
    return refuse('exports no title; export one for people, in a few words.');
  const given = field(answer, 'verdict');
  if (given === undefined || given === null) return refuse('gave no verdict; return { status, reason }.');
  const several = Array.isArray(given);
  if (several && (given.length === 0 || given.length > MOST_VERDICTS)) {
    return refuse(`gave ${given.length} verdicts; 1 to ${MOST_VERDICTS} can be told apart.`);
  }
  const summary = asText(field(answer, 'summary'));
  const signed = {
    title: who.title ?? '',
    ...(summary !== undefined && { summary: cut(oneLine(summary), LONGEST.summary) }),
  };
  const verdicts: Verdict[] = [];
  for (const one of several ? given : [given]) {
    const name = asText(field(one, 'name'));
    if (several && !isId(name)) return refuse('gave several verdicts; each needs a name of its own, such as "amount".');
    const read = readVerdict(one, { evaluator: several ? `${id}.${name}` : id, ...signed }, steps);
    if (!read.ok) return refuse(read.error);
    verdicts.push(read.value);
  }
  return { ok: true, value: { id, verdicts } };
}

function readVerdict(
  value: Json,
  by: Pick<Verdict, 'evaluator' | 'title' | 'summary'>,
  steps: number,
): Result<Verdict> {
  if (!isObject(value)) return err('gave a verdict that is no object; return { status, reason }.');
  const status = oneOf(STATUSES, field(value, 'status'));
  if (status === undefined)
    return err(`gave the status ${shown(field(value, 'status'))}; it is one of ${STATUSES.join(', ')}.`);
  const reason = asText(field(value, 'reason'));
  if (reason === undefined || reason.trim() === '') return err('gave no reason; say in one sentence why.');
  const score = field(value, 'score') ?? null;
  if (score !== null && !(typeof score === 'number' && score >= 0 && score <= 1)) {
    return err(`gave the score ${shown(score)}; it is a number from 0 to 1, or null.`);
  }
  const given = field(value, 'findings') ?? [];
  if (!Array.isArray(given)) return err('gave findings that are no list.');
  if (given.length > MOST_FINDINGS) return err(`gave ${given.length} findings; at most ${MOST_FINDINGS} can be shown.`);
  const findings: Finding[] = [];
  for (const one of given) {
    const finding = readFinding(one, status, steps);
    if (!finding.ok) return finding;
    findings.push(finding.value);
  }
  return ok({ ...by, status, score, reason: cut(reason.trim(), LONGEST.reason), findings });
}

function readFinding(value: Json, status: VerdictStatus, steps: number): Result<Finding> {
  const place = readPlace(value, steps);
  if (!place.ok) return place;
  const message = asText(field(value, 'message'));
  if (message === undefined || message.trim() === '') return err('gave a finding without a message.');
  const severity =
    field(value, 'severity') ?? (status === 'fail' ? 'error' : status === 'warn' ? 'warning' : 'information');
  const confidence = field(value, 'confidence') ?? 'likely';
  const known = { severity: oneOf(SEVERITIES, severity), confidence: oneOf(CONFIDENCES, confidence) };
  if (known.severity === undefined)
    return err(`gave the severity ${shown(severity)}; it is one of ${SEVERITIES.join(', ')}.`);
  if (known.confidence === undefined) {
    return err(`gave the confidence ${shown(confidence)}; it is one of ${CONFIDENCES.join(', ')}.`);
  }
  const evidence: StepPlace[] = [];
  for (const one of asArray(field(value, 'evidence')).slice(0, MOST_EVIDENCE)) {
    const read = readPlace(one, steps);
    if (!read.ok) return read;
    evidence.push(read.value);
  }
  const [expected, actual] = [asText(field(value, 'expected')), asText(field(value, 'actual'))];
  return ok({
    step: place.value.step,
    pointer: place.value.pointer ?? '',
    message: cut(message.trim(), LONGEST.message),
    evidence,
    ...(expected !== undefined && { expected: cut(expected, LONGEST.value) }),
    ...(actual !== undefined && { actual: cut(actual, LONGEST.value) }),
    confidence: known.confidence,
    severity: known.severity,
  });
}

function readPlace(value: Json, steps: number): Result<StepPlace> {
  const step = field(value, 'step');
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step >= steps) {
    return err(`points at the step ${shown(step)}; the run has the steps 0 to ${steps - 1}.`);
  }
  const [pointer, quote] = [asText(field(value, 'pointer')), asText(field(value, 'quote'))];
  if (pointer !== undefined && (pointer.length > LONGEST.pointer || !/^(?:\/|$)/.test(pointer))) {
    return err(
      `gave the pointer ${shown(pointer)}; it is a JSON pointer into the step, such as /actions/0/arguments/amount.`,
    );
  }
  return ok({
    step,
    ...(pointer !== undefined && { pointer }),
    ...(quote !== undefined && { quote: cut(quote, LONGEST.quote) }),
  });
}

function isId(text: string | undefined): text is string {
  return text !== undefined && text.length <= LONGEST_ID && ID.test(text);
}

function oneOf<T extends string>(known: readonly T[], value: Json | undefined): T | undefined {
  return known.find((one) => one === value);
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : cut(jsonText(value, 61), 60);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
