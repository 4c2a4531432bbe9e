import { canonicalJson } from '../util/canonical.ts';
import type { Json } from '../util/json.ts';
import type { Expectation, Fixture } from './fixture.ts';

/** A fixture that asks nothing which another does not ask of the same recorded run. */
export interface Duplicate<T> {
  readonly of: T;
  /** Whether the other asks for more. */
  readonly kind: 'same' | 'part';
}

/**
 * The first fixture that makes each one needless: of the same mode, recording and goal, with the same expectations or with
 * those and others. Of equal ones the first in the list stays.
 */
export function duplicatesOf<T>(all: readonly { readonly key: T; readonly fixture: Fixture }[]): Map<T, Duplicate<T>> {
  const found = new Map<T, Duplicate<T>>();
  const groups = new Map<string, { key: T; asks: ReadonlySet<string> }[]>();
  for (const { key, fixture } of all) {
    const group = groups.get(recordingKey(fixture)) ?? [];
    group.push({ key, asks: new Set(fixture.expect.map(textOf)) });
    groups.set(recordingKey(fixture), group);
  }
  for (const group of groups.values()) {
    for (const [i, { key, asks }] of group.entries()) {
      const isIn = (other: ReadonlySet<string>) => [...asks].every((one) => other.has(one));
      const other = group.find((one, at) => at !== i && isIn(one.asks) && (one.asks.size > asks.size || at < i));
      if (other !== undefined) found.set(key, { of: other.key, kind: other.asks.size > asks.size ? 'part' : 'same' });
    }
  }
  return found;
}

function recordingKey({ mode, goal, recording, failure }: Fixture): string {
  const calls = recording.map(({ tool, argumentsHash, observation }) => [tool, argumentsHash, observation]);
  return canonicalJson([mode, goal, failure.position, calls]);
}

function textOf(expectation: Expectation): string {
  return canonicalJson(expectation as unknown as Json);
}
