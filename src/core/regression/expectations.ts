import { leafKindOf } from '../provenance/leafKind.ts';
import { splitPlaceholders, withoutPlaceholders } from '../redact/placeholders.ts';
import { assertNever } from '../util/assertNever.ts';
import { canonicalJson } from '../util/canonical.ts';
import { guardedRegExp } from '../util/guardedRegExp.ts';
import { field, isObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { ArgumentsMatcher, Expectation, Fixture, FixtureCall, FixtureMode, ValueMatcher } from './fixture.ts';
import { judgeOne, repeatsOf } from './judge.ts';

/**
 * How the person says that the step should have gone: not at all, with other arguments, by another call, only after the
 * user was asked, or without claiming something.
 */
export type WantedChange =
  | ({ readonly kind: 'forbid' | 'edit' | 'require' } & FixtureCall)
  | { readonly kind: 'askFirst'; readonly tool: string }
  | { readonly kind: 'mustNotClaim'; readonly claim: string };

/** What went wrong, already redacted. */
export interface FailedStep {
  /** The step's calls, and those recorded before it. */
  readonly calls: readonly FixtureCall[];
  readonly before: readonly FixtureCall[];
  /** JSON pointers of arguments that are new in every call. */
  readonly volatile: readonly string[];
  /** The final text, for a claim. */
  readonly message?: string;
}

/** Whether a text claims something in these words, as a test of it judges. */
export function saysSo(text: string, claim: string): boolean {
  return judgeOne({ kind: 'finalMustNotClaim', claim }, { calls: [], finalText: text }, []).length > 0;
}

/** The step as it should have gone: what the green half of the proof plays. */
export function correctionOf(failed: FailedStep, wanted: WantedChange): Result<Fixture['correction']> {
  switch (wanted.kind) {
    case 'require': {
      const { tool, arguments: args } = wanted;
      // A claim becomes true by the call before it.
      return ok({
        calls: [{ tool, arguments: args }],
        ...(failed.message !== undefined && { message: failed.message }),
      });
    }
    case 'edit': {
      const { tool, arguments: args } = wanted;
      const edited = editedCall(failed, wanted);
      if (edited === undefined) return err(notCalled(failed, tool));
      return ok({ calls: failed.calls.map((call) => (call === edited ? { tool, arguments: args } : call)) });
    }
    case 'forbid':
      if (!failed.calls.some((call) => call.tool === wanted.tool)) return err(notCalled(failed, wanted.tool));
      return ok({ calls: failed.calls.filter((call) => !sameIdentity(call, wanted)) });
    case 'askFirst': {
      const { tool } = wanted;
      if (!failed.calls.some((call) => call.tool === tool)) return err(notCalled(failed, tool));
      // Nothing is recorded of what the user would have said, so the run ends with the question.
      return ok({ calls: failed.calls.filter((call) => call.tool !== tool), message: `May I call ${tool}?` });
    }
    case 'mustNotClaim':
      if (failed.message === undefined)
        return err('The step calls a tool and claims nothing. Choose another correction.');
      if (wanted.claim.trim() === '') return err('Say which words must not be claimed.');
      if (!saysSo(failed.message, wanted.claim)) {
        return err(`The step does not say "${wanted.claim}". Write the words that stand in its answer.`);
      }
      return ok({ calls: [] });
    default:
      return assertNever(wanted);
  }
}

/**
 * What must hold from now on. Identifiers and amounts are exact, free text that the model writes by nature is left out.
 * In a trace-check a value that is redacted is matched by its shape, because new traces hold other values than
 * placeholders.
 */
export function expectationsOf(failed: FailedStep, wanted: WantedChange, mode: FixtureMode): Expectation[] {
  switch (wanted.kind) {
    case 'forbid':
      return [forbidden(failed, wanted, identityOf(wanted.arguments), mode)];
    case 'require':
      return [{ kind: 'mustCall', tool: wanted.tool, arguments: matcherOf(identityOf(wanted.arguments), mode) }];
    case 'askFirst':
      return [{ kind: 'mustAskBefore', tool: wanted.tool }];
    case 'mustNotClaim':
      return [{ kind: 'finalMustNotClaim', claim: wanted.claim }];
    case 'edit': {
      const { tool, arguments: args } = wanted;
      const recorded = editedCall(failed, wanted)?.arguments ?? {};
      const changed = Object.keys(args).filter((name) => !isEqual(field(args, name), field(recorded, name)));
      const gone = Object.keys(recorded).filter((name) => !isEqual(field(args, name), field(recorded, name)));
      const mustCall: Expectation = {
        kind: 'mustCall',
        tool,
        arguments: matcherOf({ ...identityOf(args), ...pick(args, changed) }, mode),
      };
      // Where arguments were only added, the recorded call can't be told from the right one by what it has.
      if (gone.length === 0) return [mustCall];
      const wrong = { ...identityOf(recorded), ...pick(recorded, gone) };
      return [mustCall, forbidden(failed, { tool, arguments: recorded }, wrong, mode)];
    }
    default:
      return assertNever(wanted);
  }
}

/** That a call must not be made; where the same call was right earlier in the run, that it must not be made once more. */
function forbidden(failed: FailedStep, call: FixtureCall, identity: JsonObject, mode: FixtureMode): Expectation {
  const { tool } = call;
  const likeIt = (wanted: JsonObject) => (other: FixtureCall) =>
    other.tool === tool &&
    Object.keys(wanted).every((name) => isEqual(field(wanted, name), field(other.arguments, name)));
  const before = mode === 'decision-point' ? [] : failed.before;
  if (!before.some(likeIt(identity))) return { kind: 'mustNotCall', tool, arguments: matcherOf(identity, mode) };
  if (!before.some(likeIt(call.arguments))) {
    return { kind: 'mustNotCall', tool, arguments: matcherOf(call.arguments, mode) };
  }
  return { kind: 'maxRepeats', tool, count: repeatsOf(tool, before, failed.volatile) };
}

function editedCall(failed: FailedStep, { tool, arguments: args }: FixtureCall): FixtureCall | undefined {
  const shared = (call: FixtureCall) =>
    Object.keys(args).filter((name) => isEqual(field(args, name), field(call.arguments, name))).length;
  return failed.calls
    .filter((call) => call.tool === tool)
    .reduce<FixtureCall | undefined>((best, call) => (best && shared(best) >= shared(call) ? best : call), undefined);
}

function sameIdentity(call: FixtureCall, wanted: FixtureCall): boolean {
  const identity = identityOf(wanted.arguments);
  return (
    call.tool === wanted.tool &&
    Object.keys(identity).every((name) => isEqual(field(identity, name), field(call.arguments, name)))
  );
}

function notCalled({ calls }: FailedStep, tool: string): string {
  const names = [...new Set(calls.map((call) => call.tool))].join(', ');
  return `The step does not call ${tool}${names === '' ? '; it calls nothing' : `; it calls ${names}`}. Choose another correction.`;
}

/** The arguments that say what a call is aimed at: without free text, and without what a caller makes up each time. */
export function identityOf(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([name, value]) => !isFreeText(name, value)));
}

function isFreeText(name: string, value: Json): boolean {
  if (typeof value === 'object' && value !== null) return false;
  // A name under which even a plain identifier counts as nothing is one of a made-up value (a nonce, a page, a limit).
  return leafKindOf(name, value) === 'authored' || leafKindOf(name, 'A-12345') === 'trivial';
}

function matcherOf(args: JsonObject, mode: FixtureMode): ArgumentsMatcher {
  const named = Object.entries(args).map(([name, value]) => [name, valueMatcher(value, mode)] as const);
  return Object.fromEntries(named.filter(([, matcher]) => matcher !== undefined).map(([name, m]) => [name, m ?? null]));
}

/** A matcher of exactly these values. */
export function exactMatcher(args: JsonObject): ArgumentsMatcher {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, exactly(value)]));
}

/** Undefined where nothing can be asked of the value. */
function valueMatcher(value: Json, mode: FixtureMode): Json | ValueMatcher | undefined {
  if (mode === 'trace-check' && hasHidden(value)) {
    const pattern = typeof value === 'string' ? shapeOf(value) : undefined;
    // A long text's shape is more than a pattern may be.
    return pattern !== undefined && guardedRegExp(pattern).ok ? { $match: 'regex', pattern } : undefined;
  }
  return exactly(value);
}

/** An argument that looks like a matcher is none. */
function exactly(value: Json): Json | ValueMatcher {
  return isObject(value) && Object.hasOwn(value, '$match') ? { $match: 'exact', value } : value;
}

function hasHidden(value: Json): boolean {
  const text = canonicalJson(value);
  return withoutPlaceholders(text) !== text;
}

/** A pattern (of JavaScript and Python alike) for a text with placeholders: each stands for anything of its kind. */
function shapeOf(text: string): string {
  const parts = splitPlaceholders(text).map((part, i) =>
    i % 2 === 0
      ? part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      : `(?:${part}|${part.startsWith('<EMAIL_') ? '[^\\s@]+@[^\\s@]+' : '.+'})`,
  );
  return `^${parts.join('')}$`;
}

function pick(args: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = field(args, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}
