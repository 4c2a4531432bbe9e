import { describe, expect, it } from 'vitest';
import { reasonIn } from './prove.ts';

describe('reasonIn', () => {
  const sentence = 'must call t with v a"b: the calls were t({"v":"c"})';
  it.each([
    ['node-test', `  [\n    'hindstep: ${sentence}'\n  ]`],
    ['vitest', `+ [\n+   "hindstep: ${sentence.replaceAll('"', '\\"')}",\n+ ]`],
    [
      'pytest',
      `E  AssertionError: assert ['hindstep: mu...c"})'] == []\nE  Left contains one more item: 'hindstep: ${sentence}'`,
    ],
  ])('finds the whole sentence in what %s prints', (_runner, output) => {
    expect(reasonIn(output)).toBe(sentence);
  });

  it('takes the shortened one when there is no other, and cuts long ones', () => {
    expect(reasonIn(`assert ['hindstep: mu... A-1'] == []`)).toBe('mu... A-1');
    expect(reasonIn(`'hindstep: ${'x'.repeat(300)}'`)).toHaveLength(201);
  });

  it('finds none in an import error', () => {
    expect(reasonIn('SyntaxError: Unexpected token')).toBeUndefined();
  });
});
