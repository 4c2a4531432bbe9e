import { expect, it } from 'vitest';
import { atEnd, endAll } from './atEnd.ts';

it('does at the end what was not taken back, each once, whatever one of them does', () => {
  const done: string[] = [];
  const before = process.listenerCount('exit');
  const takeBack = atEnd(() => done.push('taken back'));
  atEnd(() => {
    throw new Error('no');
  });
  atEnd(() => done.push('left'));
  expect(process.listenerCount('exit')).toBe(before + 1);
  takeBack();
  endAll();
  endAll();
  expect(done).toEqual(['left']);
  expect(process.listenerCount('exit')).toBe(before);
});
