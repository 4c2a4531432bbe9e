import { err, ok, type Result } from '../../util/result.ts';
import type { Fixture, FixtureVariant } from '../fixture.ts';
import { ambiguousGoal } from './ambiguousGoal.ts';
import { injection } from './injection.ts';
import { interruption } from './interruption.ts';
import { permission } from './permission.ts';
import { staleState } from './staleState.ts';
import { timeout } from './timeout.ts';
import type { Variant } from './variant.ts';

/** Every variant, in the order of the help. */
export const VARIANTS: readonly Variant[] = [timeout, permission, staleState, ambiguousGoal, interruption, injection];

/** One variant of a fixture; an error sentence when there is no such one, or it can't be applied. */
export function variantOf(fixture: Fixture, id: string): Result<FixtureVariant> {
  const variant = VARIANTS.find((one) => one.id === id);
  if (variant === undefined)
    return err(`There is no variant "${id}"; there are: ${VARIANTS.map((one) => one.id).join(', ')}.`);
  if (fixture.mode !== 'replay') return err(`The variant ${id} needs an agent that is run: make a replay test.`);
  const made = variant.of(fixture);
  return made.ok ? ok({ id, ...made.value }) : err(`The variant ${id} can't be applied: ${made.error}`);
}

/** The fixture with these variants switched on. */
export function withVariants(fixture: Fixture, ids: readonly string[]): Result<Fixture> {
  const variants: FixtureVariant[] = [];
  for (const id of new Set(ids)) {
    const variant = variantOf(fixture, id);
    if (!variant.ok) return variant;
    variants.push(variant.value);
  }
  return ok(variants.length === 0 ? fixture : { ...fixture, variants });
}
