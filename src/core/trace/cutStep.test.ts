import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { cutStep, cutText } from './cutStep.ts';

describe('cutStep', () => {
  it('cuts long strings, and says where and how long they were', () => {
    const [made] = makeRun([{ calls: [{ tool: 't', with: { 'a/b': 'x'.repeat(30) }, returns: 'short' }] }]).steps;
    if (made === undefined) throw new Error('no step');
    const { step, cuts } = cutStep(made, 10);
    expect(step.actions[0]?.arguments).toEqual({ 'a/b': 'x'.repeat(10) });
    expect(cuts).toEqual([{ pointer: '/actions/0/arguments/a~1b', length: 30 }]);
    expect(step.actions[0]?.observation?.content).toEqual([{ type: 'text', text: 'short' }]);
  });

  it('keeps image data whole', () => {
    const data = 'A'.repeat(100);
    const screen = { type: 'image' as const, mediaType: 'image/png', data };
    const [made] = makeRun([{ says: 'look', screen }]).steps;
    if (made === undefined) throw new Error('no step');
    expect(cutStep(made, 10)).toEqual({ step: made, cuts: [] });
  });

  it('does not split a surrogate pair', () => {
    expect(cutText('ab😀c', 3)).toBe('ab');
    expect(cutText('ab😀c', 4)).toBe('ab😀');
  });
});
