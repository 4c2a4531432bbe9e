import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MadeRun, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Json } from '../util/json.ts';
import { resolvePointer } from '../util/pointer.ts';
import type { ArgumentOrigin } from './origin.ts';
import { originsOf } from './originsOf.ts';
import { ValueIndex } from './valueIndex.ts';

function indexOf(made: MadeRun): ValueIndex {
  const index = new ValueIndex(made.run);
  for (const step of made.steps) index.add(step);
  return index;
}

async function originsIn(made: MadeRun, at: number): Promise<ArgumentOrigin[]> {
  const step = made.steps[at];
  if (step === undefined) throw new Error('no such step');
  return originsOf(step, indexOf(made), async (index) => made.steps[index] ?? step);
}

async function originOf(key: string, value: Json, given: string): Promise<ArgumentOrigin | undefined> {
  const earlier: StepSketch[] = [{ user: 'Go' }, { calls: [{ tool: 'look', returns: given }] }];
  const [origin] = await originsIn(makeRun([...earlier, { calls: [{ tool: 'act', with: { [key]: value } }] }]), 2);
  return origin;
}

describe('direct', () => {
  it.each<[Json, string]>([
    ['#W2378156', 'your order #W2378156 is'],
    ['w2378156', '{"id":"#W2378156"}'],
    ['New York', 'from NEW  YORK to'],
    ['ann@example.com', '<ann@example.com>'],
    ['+1 555 010 9999', 'call +1-555-010-9999'],
    ['/srv/app/main.py', 'see /srv/app/main.py:12'],
    [1234.5, 'total: $1,234.50'],
    ['$1,234.50', '{"total":1234.5}'],
    ['2026-05-16', 'on May 16th, 2026'],
    ['123e4567-e89b-12d3-a456-426614174000', 'id 123E4567-E89B-12D3-A456-426614174000'],
  ])('%o from %s', async (value, given) => {
    expect(await originOf('value', value, given)).toMatchObject({
      kind: 'direct',
      sources: [{ step: 1, role: 'observation' }],
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
        sources: [{ step: 0, pointer: '/message/0/text', role: 'user', excerpt: 'Cancel W100234 for me' }],
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
  it.each<[string, Json, string, string]>([
    ['url', 'caf%C3%A9%20W100234', 'café W100234', 'URL-encoded'],
    ['token', 'VzEwMDIzNDU=', 'W1002345', 'base64'],
    ['file', '/srv/app/notes/W100234.txt', 'in /srv/app/notes: W100234.txt', 'put together from parts'],
    ['amount', 252.5, 'a 172.50, b 80', 'sum of 2 numbers'],
    ['date', '2026-05-17', 'today is 2026-05-16', '1 day after a date that was given'],
    ['date', '2026-05-16', 'on May 16', 'with another year or a year added'],
  ])('%s %o from %s: %s', async (key, value, given, how) => {
    expect(await originOf(key, value, given)).toMatchObject({ kind: 'derived', how, sources: [{ step: 1 }] });
  });
});

describe('neither', () => {
  it.each<[string, Json, string]>([
    ['body', 'Hello Ann', 'authored'],
    ['command', 'ls -la', 'authored'],
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
          expect(origin?.kind).toBe('direct');
          expect(origin?.sources[0]?.excerpt).toContain(id);
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
