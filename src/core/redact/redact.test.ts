import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../util/canonical.ts';
import type { Json } from '../util/json.ts';
import { redact, unknownReleases } from './redact.ts';

const texts = async (value: Json) => (await redact(value)).value;

describe('redact', () => {
  it.each<[Json, Json]>([
    [{ to: 'ana@example.org' }, { to: '<EMAIL_1>' }],
    ['write to ana@example.org, not ben@example.org', 'write to <EMAIL_1>, not <EMAIL_2>'],
    [{ password: 'sunshine' }, { password: '<PASSWORD_1>' }],
    [{ headers: { Authorization: 'Bearer abc.def-123456' } }, { headers: { Authorization: 'Bearer <TOKEN_1>' } }],
    ['{"api_key": "k-11", "id": 7}', '{"api_key": "<API_KEY_1>", "id": 7}'],
    ['export STRIPE_API_KEY=sk_l1ve_9', 'export STRIPE_API_KEY=<API_KEY_1>'],
    ['my password is hunter22', 'my password is <PASSWORD_1>'],
    ['cat /home/ana/notes.txt /home/ana/x', 'cat <HOME_1>/notes.txt <HOME_1>/x'],
    ['C:\\Users\\Ana\\x and /Users/ben', '<HOME_1>\\x and <HOME_2>'],
    ['call +1 (555) 010-9999 or 555-010-1234', 'call <PHONE_1> or <PHONE_2>'],
    ['card 4111 1111 1111 1111', 'card <CARD_1>'],
    ['https://ana:pa55word@host/x', 'https://ana:<PASSWORD_1>@host/x'],
    [
      { pin: 4921, said: 'it is 4921' },
      { pin: '<PIN_1>', said: 'it is <PIN_1>' },
    ],
    ['key 9dK2xQ7vLm4RtY8wZpB3nCfH', 'key <SECRET_1>'],
  ])('replaces the secrets of %j', async (given, expected) => {
    expect(await texts(given)).toEqual(expected);
  });

  it.each<Json>([
    'order #W2378156 of 2026-11-12 10:00, 1,234.50 EUR, flight HAT-103',
    'Reset password: click the link. The secret: never give up.',
    { token: '', next_page_token: 'abc123def', max_tokens: 4096, secret: null },
    '8a2f8b0e-1f5c-4f0e-9d3b-0a7d8b7c6e5f 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    { properties: { password: { type: 'string', description: 'the password' } }, required: ['password'] },
    'call_AbCdEfGh1234567890XyZwVuTs',
    { credit_card_id: 'credit_card_4421486' },
  ])('leaves alone %j', async (value) => {
    expect(await redact(value)).toEqual({ value, redactions: [] });
  });

  it('lists what it replaced, by pointer', async () => {
    const { redactions } = await redact({ a: ['x', 'ana@example.org'], 'ana@example.org': 1 });
    expect(redactions).toEqual([
      { pointer: '', rule: 'email', placeholder: '<EMAIL_1>' },
      { pointer: '/a/1', rule: 'email', placeholder: '<EMAIL_1>' },
    ]);
  });

  it('replaces a secret that only a detector knows, also where it was not detected', async () => {
    const value = ['see XYZZY-PLUGH', { again: 'XYZZY-PLUGH!' }];
    const detect = async (text: string) => {
      const start = text.indexOf('XYZZY');
      return [{ start, end: start + 11, kind: 'SECRET', rule: 'magic' }];
    };
    expect((await redact(value, detect)).value).toEqual(['see <SECRET_1>', { again: '<SECRET_1>!' }]);
  });

  it('never takes a number that a text already has', async () => {
    expect(await texts(['<EMAIL_1>', 'ana@example.org'])).toEqual(['<EMAIL_1>', '<EMAIL_2>']);
  });

  it('takes values that nest as deep as a trace may', async () => {
    let deep: Json = 'ana@example.org';
    for (let i = 0; i < 20_000; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
    const { redactions } = await redact(deep);
    expect(redactions.map(({ placeholder }) => placeholder)).toEqual(['<EMAIL_1>']);
  });

  it('knows a secret again in JSON text, in a URL, and in the header that it makes up', async () => {
    const password = 'pa ss"9/Zq';
    const basic = btoa(`ana:${'hunter22x'}`);
    const value = {
      password,
      text: JSON.stringify({ body: JSON.stringify({ said: password }) }),
      url: `https://x.example/?p=${encodeURIComponent(password)}&q=1`,
      header: `Authorization: Basic ${basic}`,
      login: { user: 'ana', password: 'hunter22x' },
    };
    const [one, two] = ['<PASSWORD_1>', '<PASSWORD_2>'];
    expect(await texts(value)).toEqual({
      password: one,
      text: `{"body":"{\\"said\\":\\"${one}\\"}"}`,
      url: `https://x.example/?p=${one}&q=1`,
      header: `Authorization: Basic ${two}`,
      login: { user: 'ana', password: two },
    });
  });

  it('hides the credentials of a header that have no digit', async () => {
    const basic = btoa('fdehij:hP5DcplgrHe2');
    expect(basic).not.toMatch(/\d/);
    expect(await texts([`Authorization: Basic ${basic}`, `?auth=Basic%20${encodeURIComponent(basic)}&a=1`])).toEqual([
      'Authorization: Basic <PASSWORD_1>',
      '?auth=Basic%20<PASSWORD_1>&a=1',
    ]);
    const plain = 'Basic authentication, basic understanding/knowledge';
    expect(await texts(plain)).toBe(plain);
  });

  it('hides a short plain word where its name stands before it, and nowhere else', async () => {
    expect(await texts({ config: 'password: "test"', note: 'run the test' })).toEqual({
      config: 'password: "<PASSWORD_1>"',
      note: 'run the test',
    });
  });

  it('leaves the bytes of images alone', async () => {
    const image = { type: 'image', mediaType: 'image/png', data: `9dK2xQ7vLm4RtY8wZpB3nCfH${'A'.repeat(40)}` };
    expect(await redact({ image })).toEqual({ value: { image }, redactions: [] });
  });

  it.each([
    ['the placeholder', '<EMAIL_2>', 'ana@example.org'],
    ['the bare placeholder', 'EMAIL_2', 'ana@example.org'],
    ['the field', 'owner', 'ana@example.org'],
  ])('lets stay what is released by %s, and says so', async (_, name, expected) => {
    const value = { cc: 'ben@example.org', owner: 'ana@example.org', password: 'sunshine' };
    const { value: kept, redactions } = await redact(value, undefined, [name]);
    expect(kept).toEqual({ cc: '<EMAIL_1>', owner: expected, password: '<PASSWORD_1>' });
    expect(redactions).toContainEqual({ pointer: '/owner', rule: 'email', placeholder: '<EMAIL_2>', released: true });
    expect(unknownReleases([name], redactions)).toEqual([]);
  });

  it('lets stay all that a released rule found, and knows names that name nothing', async () => {
    const { value, redactions } = await redact(['ana@example.org', '/home/ana'], undefined, ['email', 'phone']);
    expect(value).toEqual(['ana@example.org', '<HOME_1>']);
    expect(unknownReleases(['email', 'phone'], redactions)).toEqual(['phone']);
  });

  it('keeps plain words inside names', async () => {
    const value = { tool: 'cancel_order', token: 'cancel' };
    expect(await texts(value)).toEqual({ tool: 'cancel_order', token: '<TOKEN_1>' });
  });
});

const alphabet = (characters: string, min: number, max: number) =>
  fc.array(fc.constantFrom(...characters), { minLength: min, maxLength: max }).map((all) => all.join(''));
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const secret = fc.oneof(
  fc.tuple(alphabet(LETTERS, 3, 8), alphabet(LETTERS, 3, 8)).map(([a, b]) => `${a}@${b}.example`),
  alphabet(LETTERS, 3, 8).map((name) => `/home/${name}`),
  fc.tuple(alphabet('0123456789', 4, 4)).map(([end]) => `555-010-${end}`),
);
/** Passwords may hold anything that JSON must escape. */
const password = fc.string({ minLength: 6, maxLength: 20 }).map((text) => `${text}9Zq!`);
const words = alphabet(`${LETTERS} .,`, 0, 30);

describe('redact, on any value', () => {
  it('lets no secret through, wherever and however it stands', async () => {
    await fc.assert(
      fc.asyncProperty(secret, password, words, words, async (found, hidden, before, after) => {
        const value = {
          said: `${before} ${found} ${after}`,
          body: { password: hidden, [`by ${found} x`]: [found, `${before} ${hidden}`] },
          text: JSON.stringify({ note: `${hidden} ${found}` }),
        };
        const redacted = JSON.stringify((await redact(value)).value);
        expect(redacted).not.toContain(found);
        expect(redacted).not.toContain(JSON.stringify(hidden).slice(1, -1));
      }),
    );
  });

  it('gives the same secret the same placeholder, and others another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(secret, { minLength: 2, maxLength: 5 }), async (all) => {
        const { value } = await redact({ a: all, b: [...all] });
        expect(value.b).toEqual(value.a);
        expect(new Set(value.a).size).toBe(all.length);
      }),
    );
  });

  it('changes nothing the second time', async () => {
    const leaf = fc.oneof(fc.string(), secret, words, fc.integer(), fc.constant(null));
    const value = fc.dictionary(
      fc.constantFrom('password', 'note', 'token', 'x', 'pin'),
      fc.oneof(leaf, fc.array(leaf)),
    );
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        const once = await redact(given as Json);
        expect(await redact(once.value)).toEqual({ value: once.value, redactions: [] });
      }),
    );
  });

  it('keeps the shape, and what was equal stays equal while what differed still differs', async () => {
    const leaf = fc.oneof(fc.string(), secret, words, fc.integer(), fc.boolean(), fc.constant(null));
    const tree = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('note', 'body', 'x'), tie('value')),
      ) as fc.Arbitrary<Json>,
    })).value;
    await fc.assert(
      fc.asyncProperty(tree, secret, secret, async (given, one, other) => {
        const call = (said: string) => ({ given, said });
        const { value } = await redact({ a: call(one), b: call(one), c: call(other) });
        expect(shapeOf(value.a.given)).toBe(shapeOf(given));
        expect(hashOf(value.a)).toBe(hashOf(value.b));
        if (one !== other) expect(hashOf(value.c)).not.toBe(hashOf(value.a));
      }),
    );
  });
});

/** A value with `""` in place of every text and number. */
function shapeOf(value: Json): string {
  return JSON.stringify(value, (_, node: Json) => (typeof node === 'string' || typeof node === 'number' ? '' : node));
}
