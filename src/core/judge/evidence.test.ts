import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verified } from './evidence.ts';

const shown = [
  { step: 0, pointer: '/message/0/text', text: 'Cancel the duplicate order, please. My mail is <EMAIL_1>.' },
  { step: 2, pointer: '/actions/0/arguments', text: '{"order_id":"W123","reason":"no longer needed"}' },
  { step: 2, pointer: '/actions/0/tool', text: 'rm' },
];

describe('verified', () => {
  it('finds a quote in the step that it names', () => {
    expect(verified({ step: 1, quote: 'the duplicate order' }, shown)).toEqual({
      step: 0,
      pointer: '/message/0/text',
      quote: 'the duplicate order',
    });
  });

  it('points at the argument that is quoted, with its name or without', () => {
    for (const quote of ['W123', '"order_id":"W123"']) {
      expect(verified({ step: 3, quote }, shown)?.pointer).toBe('/actions/0/arguments/order_id');
    }
    expect(verified({ step: 3, quote: '"W123","reason":"no longer needed"' }, shown)?.pointer).toBe(
      '/actions/0/arguments',
    );
  });

  it.each([
    ['invented', { step: 1, quote: 'the newer order' }],
    ['of another step', { step: 1, quote: 'no longer needed' }],
    ['of a step that was not shown', { step: 2, quote: 'the duplicate order' }],
    ['not letter by letter', { step: 1, quote: 'The Duplicate Order' }],
    ['too short to prove anything', { step: 1, quote: 'or' }],
    ['empty', { step: 1, quote: '  ' }],
    ['no text', { step: 1, quote: 5 }],
    ['without a step', { quote: 'the duplicate order' }],
    ['no object', 'the duplicate order'],
  ])('drops one that is %s', (_what, quote) => {
    expect(verified(quote, shown)).toBeUndefined();
  });

  it('takes a short quote that is a whole value', () => {
    expect(verified({ step: 3, quote: 'rm' }, shown)).toMatchObject({ step: 2, quote: 'rm' });
  });

  it('names only the place of words in which a secret was replaced', () => {
    expect(verified({ step: 1, quote: 'My mail is <EMAIL_1>' }, shown)).toEqual({
      step: 0,
      pointer: '/message/0/text',
    });
  });

  it('accepts nothing that is not verbatim in that step', () => {
    const texts = fc.array(
      fc.record({ step: fc.nat(3), pointer: fc.constant('/message/0/text'), text: fc.string({ maxLength: 30 }) }),
    );
    const quotes = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('aaaa', 'order'));
    fc.assert(
      fc.property(texts, fc.nat(5), quotes, fc.nat(20), fc.nat(20), (given, step, invented, from, length) => {
        for (const quote of [invented, ...given.map(({ text }) => text.slice(from, from + length))]) {
          const found = verified({ step, quote }, given);
          const stands = given.some((text) => text.step === step - 1 && text.text.includes(quote.trim()));
          if (found !== undefined) expect([stands, found.step]).toEqual([true, step - 1]);
          else if (quote.trim().replace(/[^\p{L}\p{N}]/gu, '').length >= 4) expect(stands).toBe(false);
        }
      }),
    );
  });
});
