import type { Result } from '../../util/result.ts';
import { exactMatcher, identityOf } from '../expectations.ts';
import type { ArgumentsMatcher, Expectation, Fixture, FixtureCall, FixtureVariant, Recording } from '../fixture.ts';
import { sameJson } from '../sameJson.ts';

/**
 * A way in which a run can be harder than the recorded one. A new variant is one file here, and one line in `all.ts`. It
 * changes only what the agent is told and what tools answer, so that every way of replaying can play it.
 */
export interface Variant {
  readonly id: string;
  /** What it asks of an agent, in a line for people. */
  readonly summary: string;
  /** The variant of this fixture, or a sentence that says why there is none. */
  of(fixture: Varied): Result<Omit<FixtureVariant, 'id'>>;
}

/** What of a fixture variants are made of. */
export type Varied = Pick<Fixture, 'goal' | 'messages' | 'tools' | 'recording' | 'failure' | 'correction' | 'expect'>;

/** What a fixture's agent does when it does right, as far as variants need it. */
export interface Subject {
  /** The first call that changes something. */
  readonly write: FixtureCall;
  /** The recorded reads before it, in order. */
  readonly reads: readonly Recording[];
}

/** A call of the corrected run that changes something, the first; undefined where there is none. */
export function subjectOf({ recording, failure, correction, tools }: Varied): Subject | undefined {
  const effectOf = (name: string) =>
    recording.find((one) => one.tool === name && one.effect !== undefined)?.effect ??
    tools.find((tool) => tool.name === name)?.effect;
  const changes = ({ tool }: FixtureCall) => ['write', 'irreversible'].includes(effectOf(tool) ?? '');
  const before = recording.slice(0, failure.position);
  const write = [...before, ...correction.calls].find(changes);
  if (write === undefined) return undefined;
  const earlier: readonly FixtureCall[] = before;
  const at = earlier.indexOf(write);
  const reads = before.slice(0, at < 0 ? undefined : at).filter((one) => effectOf(one.tool) === 'read');
  return { write: { tool: write.tool, arguments: write.arguments }, reads };
}

export const NO_WRITE = 'no call of the right run is known to change anything.';

/** What a call is aimed at: an agent words its free text anew in every run. */
export function targetOf({ arguments: args }: FixtureCall): ArgumentsMatcher {
  return exactMatcher(identityOf(args));
}

/** Answers that tools give: what is recorded can be asked for again, and `first` is what the call gets before that. */
export function answering(
  { recording }: Varied,
  { write, reads }: Subject,
  first?: { readonly observation: Recording['observation'] },
): Recording[] {
  const again = [...reads, ...reads].map((one) => ({ ...one, ordinal: one.ordinal + 1 }));
  if (first === undefined) return [...recording, ...again];
  const match = targetOf(write);
  const entry: Recording = { ...write, argumentsHash: '', ordinal: 0, isError: true, match, ...first };
  // A right call that was never made has no answer on record.
  const isThere = recording.some((one) => one.tool === write.tool && sameJson(one.arguments, write.arguments));
  const worked: Recording = { ...entry, ordinal: 1, observation: { ok: true }, isError: false };
  // Before the recorded one, or that would answer first.
  return [entry, ...recording, ...(isThere ? [] : [worked]), ...again].map(withoutStep);
}

/** Expectations of the fixture that hold however hard the run is: what must not be done. */
export function prohibitions({ expect }: Varied): Expectation[] {
  return expect.filter(({ kind }) => kind === 'mustNotCall');
}

/** Positions have moved: what was made at once is told apart by nothing else. */
function withoutStep({ step: _step, ...rest }: Recording): Recording {
  return rest;
}
