import { describe, expect, it } from 'vitest';
import { observationPart, observationParts } from './observationPart.ts';

describe('observationPart', () => {
  it('tells JSON, diffs, terminal output and text apart', () => {
    expect(observationPart(' {"a": [1]}\n')).toEqual({ type: 'json', value: { a: [1] } });
    expect(observationPart('[]')).toEqual({ type: 'json', value: [] });
    expect(observationPart('\r\ndiff --git a/x b/x\r\n')).toMatchObject({ type: 'diff' });
    expect(observationPart('--- a/x\n+++ b/x\n@@')).toMatchObject({ type: 'diff' });
    expect(observationPart('\u001b[31mred\u001b[0m')).toMatchObject({ type: 'terminal' });
    expect(observationPart('{not json}')).toEqual({ type: 'text', text: '{not json}' });
    expect(observationPart('--- a rule')).toEqual({ type: 'text', text: '--- a rule' });
    expect(observationPart('10519.0')).toEqual({ type: 'text', text: '10519.0' });
  });

  it('keeps text whose numbers a parser would change', () => {
    expect(observationPart('{"id": 12345678901234567890}')).toMatchObject({ type: 'text' });
    expect(observationPart('{"id": "12345678901234567890"}')).toMatchObject({ type: 'json' });
  });

  it('takes values that are JSON already', () => {
    expect(observationParts(null)).toEqual([]);
    expect(observationParts('')).toEqual([]);
    expect(observationParts([1])).toEqual([{ type: 'json', value: [1] }]);
  });
});
