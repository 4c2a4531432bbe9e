import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../test/support/makeRun.ts';
import { originOf, originsIn } from '../../../test/support/originOf.ts';
import type { Json } from '../util/json.ts';
import { resolvePointer } from '../util/pointer.ts';

describe('direct', () => {
  it.each<[Json, string]>([
    ['W2378156', 'your order #W2378156 is'],
    ['New York', 'from New York to'],
    ['ann@example.com', '<ann@example.com>'],
    ['/srv/app/main.py', 'see /srv/app/main.py:12'],
    [1234.5, 'total: 1234.5'],
    ['2026-05-16', 'on 2026-05-16T10:00'],
  ])('%o from %s', async (value, given) => {
    expect(await originOf('value', value, given)).toMatchObject({
      kind: 'direct',
      sources: [{ step: 1, role: 'observation', quote: String(value) }],
    });
  });

  it('shows the place: step, pointer and words', async () => {
    const made = makeRun([
      { user: 'Cancel W100234 for me' },
      { calls: [{ tool: 'cancel', with: { a: { order: 'W100234' } } }] },
    ]);
    expect(await originsIn(made, 1)).toEqual([
      {
        pointer: '/actions/0/arguments/a/order',
        value: 'W100234',
        kind: 'direct',
        sources: [
          {
            step: 0,
            pointer: '/message/0/text',
            role: 'user',
            quote: 'W100234',
            range: { start: 7, end: 14 },
            excerpt: 'Cancel W100234 for me',
          },
        ],
      },
    ]);
  });

  it('looks only at what stood before, also in an index of the whole run', async () => {
    const made = makeRun([
      { user: 'Go' },
      { calls: [{ tool: 'act', with: { id: 'W100234' }, returns: 'W100234 is done' }] },
      { calls: [{ tool: 'act', with: { id: 'W100234' } }] },
    ]);
    expect((await originsIn(made, 1))[0]?.kind).toBe('nowhere');
    expect((await originsIn(made, 2))[0]?.kind).toBe('direct');
  });
});

describe('derived', () => {
  it.each<[string, Json, string, string, string[]]>([
    ['value', 'w2378156', '{"id":"W2378156"}', 'in other case', ['W2378156']],
    ['value', '#W2378156', '{"id":"W-2378156"}', 'with other separators', ['W-2378156']],
    ['value', 'New York', 'from NEW  YORK to', 'with other separators', ['NEW  YORK']],
    ['value', '+1 555 010 9999', 'call +1-555-010-9999', 'with other separators', ['1-555-010-9999']],
    ['value', 'credit_card_77', 'the credit card 77', 'with other separators', ['credit card 77']],
    ['value', 1234567, 'total: 1,234,567', 'with other thousands separators', ['1,234,567']],
    ['value', 1234.5, 'total: $1,234.50', 'without its currency', ['$1,234.50']],
    ['value', '$1,234.50', '{"total":1234.5}', 'with a currency added', ['1234.5']],
    ['value', '2026-05-16', 'on May 16th, 2026', 'another way to write the date', ['May 16th, 2026']],
    ['date', '2026-05-17', 'today is 2026-05-16', '1 day after a date that was given', ['2026-05-16']],
    ['date', '2026-05-16', 'on May 16', 'with another year or a year added', ['May 16']],
    ['url', 'caf%C3%A9%20W100234', 'café W100234', 'URL-encoded', ['café W100234']],
    ['token', 'VzEwMDIzNDU=', 'W1002345', 'base64', ['W1002345']],
    ['file', '/srv/notes/W1.txt', 'in /srv/notes: W1.txt', 'a folder and a file joined', ['/srv/notes', 'W1.txt']],
    ['amount', 252.5, 'a 172.50, b 80', 'sum of 2 numbers', ['80', '172.50']],
    ['last_digits', '8156', 'card 4111111199998156', 'a piece of an identifier', ['4111111199998156']],
    ['tag', 'ORD4711990', 'ORD and 4711990', 'put together from pieces', ['4711990', 'ORD']],
  ])('%s %o from %s: %s', async (key, value, given, how, quotes) => {
    const origin = await originOf(key, value, given);
    expect(origin).toMatchObject({ kind: 'derived', how });
    expect(origin?.sources.map(({ step, quote }) => [step, quote])).toEqual(quotes.map((quote) => [1, quote]));
  });

  it('comes from a tool’s schema, where nobody else gave it', async () => {
    const inputSchema = {
      properties: { unit: { enum: ['kelvin', 'celsius'] }, deep: { anyOf: [{ items: { default: true } }] } },
    };
    const made = makeRun(
      [{ user: 'Go' }, { calls: [{ tool: 'act', with: { unit: 'celsius', deep: [true], scale: 'kelvin' } }] }],
      {
        tools: [{ name: 'other' }, { name: 'act', inputSchema }],
      },
    );
    expect(await originsIn(made, 1)).toMatchObject([
      {
        how: 'a value that the tool’s schema allows',
        sources: [{ step: -1, pointer: '/tools/1/inputSchema/properties/unit/enum/1', quote: 'celsius' }],
      },
      {
        how: 'the default of the tool’s schema',
        sources: [{ step: -1, pointer: '/tools/1/inputSchema/properties/deep/anyOf/0/items/default', quote: 'true' }],
      },
      { how: 'a value that a tool’s schema allows', sources: [{ step: -1, quote: 'kelvin' }] },
    ]);
  });

  it('names the place inside of a text that is JSON itself', async () => {
    expect(await originOf('id', 'W100234', '{"orders":[{"id":"x"},{"id":"W100234"}]}')).toMatchObject({
      sources: [{ pointer: '/actions/0/observation/content/0/text', within: '/orders/1/id' }],
    });
  });
});

describe('neither', () => {
  it.each<[string, Json, string]>([
    ['body', 'Hello Ann', 'authored'],
    ['command', 'ls -la', 'authored'],
    ['about', 'red wool scarf cheap', 'authored'],
    ['reason', 'A sentence of more than eight words is written by the model.', 'authored'],
    ['force', true, 'trivial'],
    ['count', 3, 'trivial'],
    ['order_id', 'W100234', 'nowhere'],
    ['amount', 4711, 'nowhere'],
  ])('%s %o is %s', async (key, value, kind) => {
    expect(await originOf(key, value, 'nothing of it here')).toMatchObject({ kind, sources: [] });
  });

  it('shows the nearest earlier value of one shape', async () => {
    const origin = await originOf('order_id', '#W2378165', 'orders #W5490111 and #W2378156');
    expect(origin).toMatchObject({
      kind: 'nowhere',
      nearest: { step: 1, excerpt: expect.stringContaining('W2378156') },
    });
  });

  it('says where the agent itself said it first', async () => {
    const made = makeRun([
      { user: 'Go' },
      { says: 'Taking W100234.' },
      { calls: [{ tool: 'act', with: { id: 'W100234' } }] },
    ]);
    expect(await originsIn(made, 2)).toMatchObject([{ kind: 'nowhere', sources: [{ step: 1, role: 'agent' }] }]);
  });
});

const identifier = fc
  .tuple(fc.stringMatching(/^[A-Z]{2,4}$/), fc.integer({ min: 1000, max: 9_999_999 }))
  .map(([letters, digits]) => `${letters}${digits}`);
const prose = fc.stringMatching(/^[a-z ,.]{0,80}$/);

describe('always', () => {
  it('finds an identifier again in any prose, quotes or JSON, and points at its words', async () => {
    await fc.assert(
      fc.asyncProperty(
        identifier,
        prose,
        prose,
        fc.constantFrom('"', "'", '#', '(', '', ' id='),
        async (id, a, b, sign) => {
          const given = `${a} ${sign}${id}${sign === '(' ? ')' : ''} ${b}`;
          const origin = await originOf('order_id', id.toLowerCase(), given);
          expect(origin).toMatchObject({ derivation: 'case', sources: [{ quote: id }] });
        },
      ),
    );
  });

  it('never finds an identifier that was not there', async () => {
    await fc.assert(
      fc.asyncProperty(identifier, identifier, prose, async (id, other, a) => {
        fc.pre(id.replace(/\D/g, '') !== other.replace(/\D/g, ''));
        expect((await originOf('order_id', id, `${a} ${other}`))?.kind).toBe('nowhere');
      }),
    );
  });

  it('answers for any arguments, with pointers that resolve', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (args) => {
        const made = makeRun([
          { user: JSON.stringify(args) },
          { calls: [{ tool: 'act', with: JSON.parse(JSON.stringify(args)) }] },
        ]);
        for (const origin of await originsIn(made, 1)) {
          expect(resolvePointer(made.steps[1], origin.pointer)).toEqual(origin.value);
          for (const source of origin.sources) expect(source.step).toBe(0);
        }
      }),
    );
  });
});
