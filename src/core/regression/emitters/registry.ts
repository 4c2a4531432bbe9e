import type { RunnerId } from '../fixture.ts';
import type { Emitter } from './emitter.ts';
import { jest } from './jest.ts';
import { nodeTest } from './nodeTest.ts';
import { pytest } from './pytest.ts';
import { vitest } from './vitest.ts';

/** Every runner that tests are written for. A new one is one file and one line here. */
export const EMITTERS: readonly Emitter[] = [nodeTest, vitest, jest, pytest];

/** The emitter of a runner. */
export function emitterOf(id: RunnerId): Emitter {
  const found = EMITTERS.find((emitter) => emitter.id === id);
  if (found === undefined) throw new Error(`There is no emitter for ${id}.`);
  return found;
}
