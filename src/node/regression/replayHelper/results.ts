import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fixture, FixtureMessage } from '../../../core/regression/fixture.ts';
import type { JudgedCall } from '../../../core/regression/judge.ts';

/** What a test is given; without problems it passes. */
export interface Checked {
  readonly calls: readonly JudgedCall[];
  readonly finalText: string;
  readonly problems: readonly string[];
  /** The conversation, where an agent was run. */
  readonly messages?: readonly FixtureMessage[];
}

/** Where each fixture was read from. */
const places = new WeakMap<Fixture, string>();

/** Reads a fixture with `read`, and keeps where from. */
export function readFrom(url: string | URL, read: () => Fixture): Fixture {
  const place = url instanceof URL ? fileURLToPath(url) : url;
  try {
    const fixture = read();
    places.set(fixture, place);
    return fixture;
  } catch (thrown) {
    write(place, { error: messageOf(thrown) });
    throw thrown;
  }
}

/** Under HINDSTEP_RESULTS what came of a fixture is written into that folder, for `hindstep test` and the editor. */
export async function reported(fixture: Fixture, work: () => Promise<Checked>): Promise<Checked> {
  try {
    const { calls, finalText, problems, messages } = await work();
    write(places.get(fixture), { calls, finalText, problems, messages });
    return { calls, finalText, problems };
  } catch (thrown) {
    write(places.get(fixture), { error: messageOf(thrown) });
    throw thrown;
  }
}

function write(fixture: string | undefined, result: object): void {
  const folder = process.env.HINDSTEP_RESULTS;
  if (!folder || fixture === undefined) return;
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify({ fixture, ...result }));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
