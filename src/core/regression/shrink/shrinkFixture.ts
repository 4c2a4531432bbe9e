import { err, ok, type Result } from '../../util/result.ts';
import { checkMutations } from '../checkMutations.ts';
import type { Fixture } from '../fixture.ts';
import { judgeOne } from '../judge.ts';
import { playScript, type ScriptName, scriptOf } from '../replay/script.ts';
import { ddmin, type Stop } from './ddmin.ts';
import { type Need, needsOf } from './needs.ts';
import { type Unit, unitsOf, withUnits } from './units.ts';

/** How large a fixture is. */
export interface FixtureSize {
  readonly messages: number;
  readonly recording: number;
  /** Characters of its JSON. */
  readonly characters: number;
}

export interface Shrunk {
  readonly fixture: Fixture;
  readonly before: FixtureSize;
  readonly after: FixtureSize;
}

export interface ShrinkOptions {
  /** Entries of the recording that stay in any case: an agent makes these calls. */
  readonly keep?: ReadonlySet<number>;
  /** Whether to end early, with what is reached. */
  readonly stop?: Stop;
}

/**
 * The smallest part of a fixture's messages and recording of which the proof still holds: the recorded run and the undone
 * one break the very expectations that they broke, the corrected one holds, and every change that was noticed still is. What
 * the task is (the words of the user and of the system), the failing step, and what arguments were taken from stay: without
 * the answer that an order's number stood in, no agent could name it.
 */
export async function shrinkFixture(fixture: Fixture, options: ShrinkOptions = {}): Promise<Result<Shrunk>> {
  const { keep = new Set<number>(), stop } = options;
  const lights = lightsOf(fixture);
  if (!lights.recorded.includes(true) || !lights.undone.includes(true) || lights.corrected.includes(true)) {
    return err('The proof of this fixture does not hold as it is, so there is nothing that a smaller one could keep.');
  }
  const dropped = checkMutations(fixture).dropped.length;
  const all = unitsOf(fixture, keep);
  const needs = needsOf(fixture);
  const holds = (units: readonly Unit[]) => {
    const kept = new Set(units);
    const isKept = (entry: number) => !all.some((unit) => unit.entries.includes(entry) && !kept.has(unit));
    return needs.every((need) => isMet(need, isKept)) && sameLights(lightsOf(withUnits(fixture, all, kept)), lights);
  };
  const notices = (units: readonly Unit[]) =>
    checkMutations(withUnits(fixture, all, new Set(units))).dropped.length <= dropped;
  const quick = await ddmin(all, holds, stop);
  // Mutations take far longer to play, and what is small notices them almost always.
  const least = notices(quick) ? quick : await ddmin(all, (units) => holds(units) && notices(units), stop);
  const small = withUnits(fixture, all, new Set(least));
  return ok({ fixture: small, before: sizeOf(fixture), after: sizeOf(small) });
}

export function sizeOf(fixture: Fixture): FixtureSize {
  const { messages, recording } = fixture;
  return {
    messages: messages.length,
    recording: recording.length,
    characters: JSON.stringify(fixture).length,
  };
}

function isMet({ entry, anyOf }: Need, isKept: (entry: number) => boolean): boolean {
  return (entry !== undefined && !isKept(entry)) || anyOf.some(isKept);
}

/** Which expectations each run of the proof breaks; the last says whether it left the recording. */
type Lights = Readonly<Record<ScriptName, readonly boolean[]>>;

function lightsOf(fixture: Fixture): Lights {
  const broken = (name: ScriptName) => {
    const script = scriptOf(fixture, name);
    const { run, divergence } = playScript(fixture, {
      ...script,
      // What evaluators say is asked where the test runs; here it is as it should be in the corrected run alone.
      ...(name === 'corrected' && { verdicts: wantedVerdicts(fixture) }),
    });
    return [
      ...fixture.expect.map((expectation) => judgeOne(expectation, run, fixture.volatile).length > 0),
      divergence.length > 0,
    ];
  };
  return { recorded: broken('recorded'), corrected: broken('corrected'), undone: broken('undone') };
}

function wantedVerdicts({ expect }: Fixture): NonNullable<ReturnType<typeof scriptOf>['verdicts']> {
  return Object.fromEntries(expect.flatMap((one) => (one.kind === 'evaluator' ? [[one.id, one.status]] : [])));
}

function sameLights(one: Lights, other: Lights): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
