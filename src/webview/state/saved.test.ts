import { describe, expect, it } from 'vitest';
import { readSaved } from './saved.ts';

describe('readSaved', () => {
  it('reads back what was saved', () => {
    const saved = { ...readSaved(undefined), run: 'r', step: 7, tab: 'watch', watches: ['tool'], filter: 'tool:bash' };
    expect(readSaved(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
  });

  it('starts afresh from nothing, another version or rubbish', () => {
    const fresh = readSaved(undefined);
    expect(readSaved({ version: 99, run: 'r', step: 3 })).toEqual(fresh);
    expect(readSaved({ version: 1, step: -4, tab: 'nope', watches: [1, ''], widths: { left: 9e9 } })).toEqual(fresh);
  });
});
