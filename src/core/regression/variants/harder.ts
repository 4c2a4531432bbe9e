import { err, ok, type Result } from '../../util/result.ts';
import type { Fixture } from '../fixture.ts';
import { fixtureProblem } from '../fixtureProblem.ts';

/** A fixture as one of its variants has it. Tests play it like any other. An error sentence for one that it has not. */
export function harder(fixture: Fixture, id: string): Result<Fixture> {
  const { variants = [] } = fixture;
  const variant = variants.find((one) => one.id === id);
  if (variant === undefined) {
    const known = variants.length === 0 ? 'none' : variants.map((one) => one.id).join(', ');
    return err(`this fixture has no variant "${id}"; it has: ${known}.`);
  }
  const { goal, messages, recording, expect } = variant.changes;
  // An agent that goes another way than the recorded one is told so, and its run goes on.
  const changed: Fixture = { ...fixture, goal, messages, recording, expect, onMiss: 'not-found', order: 'by-hash' };
  const problem = fixtureProblem(changed);
  return problem === undefined ? ok(changed) : err(`its variant "${id}": ${problem}`);
}
