import { expect, it } from 'vitest';
import { makeRun } from '../../../../test/support/makeRun.ts';
import { originsIn } from '../../../../test/support/originOf.ts';
import type { Json, JsonObject } from '../../util/json.ts';

async function originUnder(inputSchema: JsonObject, key: string, value: Json, user = 'Go') {
  const tools = [{ name: 'other' }, { name: 'act', inputSchema }];
  const made = makeRun([{ user }, { calls: [{ tool: 'act', with: { [key]: value } }] }], { tools });
  const [origin] = await originsIn(made, 1);
  return origin;
}

const schema: JsonObject = {
  properties: {
    unit: { enum: ['kelvin', 'celsius'] },
    strict: { anyOf: [{ type: 'null' }, { default: true }] },
    sizes: { items: { const: 640 } },
    name: { description: 'such as sara_doe_496' },
  },
};

it.each<[string, Json, string, string]>([
  ['unit', 'celsius', '/properties/unit/enum/1', 'a value that the tool’s schema allows'],
  ['strict', true, '/properties/strict/anyOf/1/default', 'the default of the tool’s schema'],
  ['sizes', [640], '/properties/sizes/items/const', 'a value that the tool’s schema allows'],
])('%s: %o stands at %s', async (key, value, pointer, how) => {
  expect(await originUnder(schema, key, value)).toMatchObject({
    kind: 'derived',
    derivation: 'schema',
    how,
    sources: [{ step: -1, pointer: `/tools/1/inputSchema${pointer}` }],
  });
});

it('counts only where nobody said it', async () => {
  expect(await originUnder(schema, 'unit', 'celsius', 'In celsius, please')).toMatchObject({
    kind: 'direct',
    sources: [{ step: 0 }],
  });
});

it('takes no example of a description for a value', async () => {
  expect(await originUnder(schema, 'name', 'sara_doe_496')).toMatchObject({ kind: 'nowhere' });
});
