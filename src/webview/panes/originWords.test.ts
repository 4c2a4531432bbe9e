import { describe, expect, it } from 'vitest';
import type { ArgumentOrigin, OriginPlace } from '../../core/provenance/origin.ts';
import { originPlace, originWords } from './originWords.ts';

const place = (step: number, more: Partial<OriginPlace> = {}): OriginPlace => ({
  step,
  pointer: '/actions/0/observation/content/0/text',
  role: 'observation',
  quote: 'W1',
  excerpt: 'order W1',
  ...more,
});
const origin = (more: Partial<ArgumentOrigin>): ArgumentOrigin => ({
  pointer: '/actions/0/arguments/id',
  value: 'W1',
  kind: 'direct',
  sources: [],
  ...more,
});

describe('originWords', () => {
  it.each<[Partial<ArgumentOrigin>, string]>([
    [{ sources: [place(2, { within: '/orders/0/id' })] }, 'Stood so in an observation /orders/0/id at step 3'],
    [{ sources: [place(0, { pointer: '/message/0/text', role: 'user' })] }, 'Stood so in the user’s message at step 1'],
    [
      { kind: 'derived', how: 'a folder and a file joined', sources: [place(0), place(1200)] },
      'Derived, a folder and a file joined: from an observation at step 1, and an observation at step 1,201',
    ],
    [
      { kind: 'derived', how: 'the default of the tool’s schema', sources: [place(-1, { pointer: '/tools/0/x' })] },
      'Derived, the default of the tool’s schema: from the run’s tool list',
    ],
    [
      { kind: 'nowhere', nearest: place(3) },
      'From nowhere: not seen anywhere before; the nearest earlier value is in an observation at step 4',
    ],
    [
      { kind: 'nowhere', sources: [place(1, { role: 'agent' })] },
      'From nowhere: not seen anywhere before; the agent itself said it first, at step 2',
    ],
    [{ kind: 'authored' }, 'Written by the model'],
  ])('%#', (more, words) => {
    expect(originWords(origin(more))).toBe(words);
  });

  it('leads nowhere but to steps', () => {
    expect(originPlace(origin({ sources: [place(-1)] }))).toBeUndefined();
    expect(originPlace(origin({ sources: [place(-1), place(2)] }))?.step).toBe(2);
    expect(originPlace(origin({ nearest: place(1) }))?.step).toBe(1);
  });
});
