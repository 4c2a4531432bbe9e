import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets, maskText } from './mask.ts';

/** Made of parts, so that nobody's scanner takes a test for a leak. */
const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');

describe('maskText', () => {
  it.each([
    [`the key ${KEY} works`, 'the key •••• (API key) works'],
    ['export STRIPE_API_KEY=sk_l1ve_9', 'export STRIPE_API_KEY=•••• (API key)'],
    ['{"api_key": "k-11", "id": 7}', '{"api_key": "•••• (API key)", "id": 7}'],
    ['my password is hunter22.', 'my password is •••• (password)'],
    ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer •••• (token)'],
    ['GET /\nCookie: sid=a; theme=b\nHost: x', 'GET /\nCookie: •••• (secret)\nHost: x'],
    ['https://ana:pa55word@host/x', 'https://ana:•••• (password)@host/x'],
    ['{"pin": 4921}', '{"pin": "•••• (PIN)"}'],
    ['"{\\"pin\\": 4921}"', '"{\\"pin\\": \\"•••• (PIN)\\"}"'],
    ['it is 9dK2xQ7vLm4RtY8wZpB3nCfH', 'it is •••• (secret)'],
    [
      `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEabc+/12\n'.repeat(4)}-----END RSA PRIVATE KEY-----`,
      '-----BEGIN RSA PRIVATE KEY-----•••• (private key)-----END RSA PRIVATE KEY-----',
    ],
  ])('masks %j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'write to ana@example.org or +1 (555) 010-9999, see /home/ana/notes.txt',
    'order #W2378156 of 2026-11-12, card_4421486, 8a2f8b0e-1f5c-4f0e-9d3b-0a7d8b7c6e5f',
    'test_ReadOnlyPasswordHashWidget_renders_Base64Value2 in HttpResponseRedirectTest3',
    '{"response_id": "gen-1746002047-wG2BQIFaeNdYo05B11ed", "max_tokens": 4096}',
    '{"api_key": "**********"}',
    'Reset password: click the link. The secret: never give up.',
  ])('leaves alone %j', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('masks once: what is masked has nothing left to mask', () => {
    const words = fc.constantFrom(
      KEY,
      'password',
      'token',
      ': ',
      '=',
      ' ',
      '"',
      '\n',
      'Bearer ',
      'hunter22',
      'is',
      'x',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const once = maskText(parts.join(''));
        expect(once).not.toContain(KEY);
        expect(maskText(once)).toBe(once);
      }),
    );
  });
});

describe('maskSecrets', () => {
  it('goes by the names of fields', () => {
    expect(
      maskSecrets({
        login: { user: 'ana', password: 'sunshine', pin: 4921, token: '' },
        cookies: ['a=1'],
        max_tokens: 5,
      }),
    ).toEqual({
      login: { user: 'ana', password: '•••• (password)', pin: '•••• (PIN)', token: '' },
      cookies: ['•••• (secret)'],
      max_tokens: 5,
    });
  });

  it('answers the same value when there is nothing to mask', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const masked = maskSecrets(value);
        expect(masked === value || JSON.stringify(masked) !== JSON.stringify(value)).toBe(true);
      }),
    );
  });

  it('leaves the data of images and the value it was given alone', () => {
    const image = { type: 'image', mediaType: 'image/png', data: KEY };
    const value = { password: 'sunshine', image };
    expect(maskSecrets(value)).toEqual({ password: '•••• (password)', image });
    expect(value.password).toBe('sunshine');
  });

  it('goes as deep as a trace may', () => {
    let deep: unknown = { password: 'sunshine' };
    for (let i = 0; i < 20_000; i++) deep = [deep];
    let found = maskSecrets(deep);
    while (Array.isArray(found)) [found] = found;
    expect(found).toEqual({ password: '•••• (password)' });
  });

  it('keeps a member named __proto__ a member', () => {
    const value: unknown = JSON.parse('{"__proto__": {"password": "sunshine"}}');
    expect(JSON.stringify(maskSecrets(value))).toBe('{"__proto__":{"password":"•••• (password)"}}');
  });
});
