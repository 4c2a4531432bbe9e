import { describe, expect, it } from 'vitest';
import type { Json } from '../util/json.ts';
import { readReference } from './readReference.ts';

const read = (value: Json) => readReference(value, 'list.json');

describe('readReference', () => {
  it('reads a list of calls, with several right tools', () => {
    expect(read([{ tool: ['find', 'search'], arguments: { id: 1 } }, { tool: 'cancel' }])).toEqual({
      ok: true,
      value: {
        from: 'list.json',
        order: 'in-order',
        calls: [{ tools: ['find', 'search'], arguments: { id: 1 } }, { tools: ['cancel'] }],
        argumentModes: {},
      },
    });
  });

  it('reads modes, and says which are none', () => {
    const written = { calls: [{ tool: 'cancel' }], order: 'any-order', argumentModes: { cancel: 'ignore' } };
    expect(read(written)).toMatchObject({ value: { order: 'any-order', argumentModes: { cancel: 'ignore' } } });
    expect(read({ ...written, order: 'sorted' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('in-order'),
    });
    const wrong = read({ ...written, argumentModes: { cancel: 'fuzzy' } });
    expect(wrong).toMatchObject({ ok: false, error: expect.stringMatching(/^The mode of cancel/) });
  });

  it.each<Json>([{}, [{ tool: 'a', result: 'x' }], [{ name: 'a' }], 'text', null, { calls: [{ tool: '' }] }])(
    'leaves %j to others',
    (value) => {
      expect(read(value)).toBeUndefined();
    },
  );
});
