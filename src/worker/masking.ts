import type { Finding, Verdict } from '../core/evaluators/verdict.ts';
import { maskField, maskSecrets, maskText } from '../core/redact/mask.ts';
import { GIANT, maskStretch } from '../core/redact/maskStretch.ts';
import { evaluateAt } from '../core/trace/condition.ts';
import { type Cut, cutStep } from '../core/trace/cutStep.ts';
import type { Step, StepRow } from '../core/trace/model.ts';
import { pointerParts, resolvePointer } from '../core/util/pointer.ts';
import type { RunEvaluation, TraceSummary, WatchValue } from '../protocol/traceService.ts';

/**
 * The answers of the service with a mask in place of every credential. A masked step is masked as a whole before it is
 * cut or searched, so pointers, ranges and cuts all count in the text that is on screen. Ids stay: they are addresses.
 */

const steps = new WeakMap<Step, Step>();

/** Kept as long as the step is: "Show all" asks for the same one again and again. */
export function maskedStep(step: Step): Step {
  const known = steps.get(step);
  if (known !== undefined) return known;
  const { id, parts, childRuns } = step;
  const masked = { ...maskSecrets(step), preview: maskedPreview(step), id, parts, childRuns };
  steps.set(step, masked);
  return masked;
}

/**
 * A masked step with its texts cut at `cutAt` characters (see `cutStep`); of giant texts no more is masked than is needed
 * for that.
 */
export function maskedCut(step: Step, cutAt: number): { step: Step; cuts: Cut[] } {
  const giants = withoutGiants(step);
  const shown = cutStep(maskedStep(giants.step), cutAt);
  const lengths = new Map(giants.cuts.map(({ pointer, length }) => [pointer, length]));
  const cuts = shown.cuts.map((cut) => ({ ...cut, length: lengths.get(cut.pointer) ?? cut.length }));
  // Of a giant picture nothing was left to be cut.
  return {
    step: shown.step,
    cuts: [...cuts, ...giants.cuts.filter(({ pointer }) => resolvePointer(shown.step, pointer) === '')],
  };
}

/** The characters `[start, end)` of a text in the masked step; undefined when there is no text. */
export function maskedStretch(step: Step, pointer: string, start: number, end: number): string | undefined {
  const giant = giantAt(step, pointer);
  if (giant !== undefined) return giant.isPicture ? giant.text.slice(start, end) : maskStretch(giant.text, start, end);
  const text = resolvePointer(maskedStep(withoutGiants(step).step), pointer);
  return typeof text === 'string' ? text.slice(start, end) : undefined;
}

/** A text in the masked step, for whoever looks for its lines only: a giant one is not masked, as masks keep lines. */
export function maskedLinesOf(step: Step, pointer: string): string | undefined {
  return giantAt(step, pointer)?.text ?? maskedStretch(step, pointer, 0, GIANT + 1);
}

/** The beginning of a record's text and the length of all of it, masked. */
export function maskedHead(text: string, cutAt: number): { text: string; length: number } {
  if (text.length >= GIANT) return { text: maskStretch(text, 0, cutAt), length: text.length };
  const masked = maskText(text);
  return { text: masked.slice(0, cutAt), length: masked.length };
}

/** The characters `[start, end)` of a record's text, masked. */
export function maskedSlice(text: string, start: number, end: number): string {
  return text.length >= GIANT ? maskStretch(text, start, end) : maskText(text).slice(start, end);
}

/** A giant text, unless the name of its field says that it is a credential as a whole: then its mask is short. */
function giantAt(step: Step, pointer: string): { text: string; isPicture: boolean } | undefined {
  const giants = withoutGiants(step);
  if (!giants.cuts.some((cut) => cut.pointer === pointer)) return undefined;
  const text = resolvePointer(step, pointer);
  const head = resolvePointer(maskedStep(giants.step), pointer);
  if (typeof text !== 'string' || typeof head !== 'string') return undefined;
  return head === '' || head.length >= GIANT ? { text, isPicture: head === '' } : undefined;
}

/** The step with its giant texts cut. One character more than giant: what is left of them counts as giant, too. */
function withoutGiants(step: Step): { step: Step; cuts: Cut[] } {
  const known = heads.get(step);
  if (known !== undefined) return known;
  const cut = cutStep(step, GIANT + 1);
  const made = cut.cuts.length === 0 ? { step, cuts: [] } : cut;
  heads.set(step, made);
  return made;
}

const heads = new WeakMap<Step, { step: Step; cuts: Cut[] }>();

export function maskedRow(row: StepRow): StepRow {
  const preview = maskedPreview(row);
  return preview === row.preview ? row : { ...row, preview };
}

/** Arguments stand as `name: value, …` there, without quotes: after a telling name any word is a secret. */
function maskedPreview({ preview, tools }: StepRow): string {
  const masked = maskText(preview);
  if (tools.length === 0) return masked;
  return masked.replace(/([\w-]+): ([^\s,•][^,]*)/g, (all, name: string, value: string) =>
    maskField(name, value) === value ? all : `${name}: ${maskField(name, value)}`,
  );
}

export function maskedSummary(summary: TraceSummary): TraceSummary {
  return {
    ...summary,
    problems: maskSecrets(summary.problems),
    runs: summary.runs.map(({ id, parentRun, ...run }) => ({
      ...maskSecrets(run),
      id,
      ...(parentRun !== undefined && { parentRun }),
    })),
  };
}

/** What a finding quotes is masked by the name of the field that it points to, too. */
export function maskedEvaluation(evaluation: RunEvaluation): RunEvaluation {
  const { verdicts, rollUps, suspects } = evaluation;
  const secrets = [...verdicts, ...rollUps].flatMap(({ findings }) => findings.flatMap(secretsOf));
  const conceal = (text: string) => withoutSecrets(maskText(text), secrets);
  return {
    ...evaluation,
    verdicts: verdicts.map((verdict) => maskedVerdict(verdict, conceal)),
    rollUps: rollUps.map((verdict) => maskedVerdict(verdict, conceal)),
    suspects: suspects.map((suspect) => ({ ...suspect, reason: conceal(suspect.reason) })),
  };
}

function maskedVerdict(verdict: Verdict, conceal: (text: string) => string): Verdict {
  const findings = verdict.findings.map(({ message, expected, actual, evidence, ...finding }) => ({
    ...finding,
    message: conceal(message),
    ...(expected !== undefined && { expected: conceal(expected) }),
    ...(actual !== undefined && { actual: conceal(actual) }),
    evidence: evidence.map(({ quote, ...place }) => ({
      ...place,
      ...(quote !== undefined && { quote: conceal(quote) }),
    })),
  }));
  return { ...verdict, reason: conceal(verdict.reason), findings };
}

function secretsOf({ pointer, expected, actual, evidence }: Finding): Secret[] {
  const quoted = evidence.map((place) => secretAt(place.pointer, place.quote));
  return [secretAt(pointer, expected), secretAt(pointer, actual), ...quoted].filter((secret) => secret !== undefined);
}

/**
 * The value of a watch. It is worked out on the masked step, so no expression can cut a secret to pieces that are none;
 * but what is true, and how much there is, is told of the step as it is.
 */
export function maskedWatch(expression: string, step: Step): WatchValue {
  const real = watchAt(expression, step);
  // Of giant texts only the beginning is masked, and seen by the expression, when what it tells is a text.
  const masked = watchAt(expression, maskedStep(withoutGiants(step).step));
  const isCount = real.ok && masked.ok && typeof real.value === 'number' && typeof masked.value === 'number';
  return real.ok && (typeof real.value === 'boolean' || isCount) ? real : masked;
}

/** The value of a watch as the step has it. */
export function watchAt(expression: string, step: Step): WatchValue {
  const value = evaluateAt(expression, step);
  return value.ok ? { expression, ok: true, value: value.value } : { expression, ok: false, problem: value.error };
}

/** A text that is a credential, and what stands for it. */
export interface Secret {
  readonly text: string;
  readonly mask: string;
}

function secretAt(pointer: string | undefined, text: string | undefined): Secret | undefined {
  if (pointer === undefined || text === undefined) return undefined;
  const bare = text.replace(/^"(.*)"$/s, '$1');
  const mask = maskField(nameOf(pointer), bare);
  return bare.length < 4 || mask === bare ? undefined : { text: bare, mask };
}

/** The name of the field that a pointer leads to; for elements of a list, of the list. */
export function nameOf(pointer: string): string {
  return pointerParts(pointer).findLast((part) => !/^\d+$/.test(part)) ?? '';
}

export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret.text, () => secret.mask), text);
}
