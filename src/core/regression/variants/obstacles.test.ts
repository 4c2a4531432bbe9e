import { describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import type { Material } from '../material.ts';
import { VARIANTS, variantOf } from './all.ts';
import { variantBasis, variantChoices } from './obstacles.ts';

type Call = Material['recording'][number];
const call = (tool: string, effect?: Call['effect']): Call => ({
  tool,
  arguments: {},
  observation: null,
  isError: false,
  ...(effect !== undefined && { effect }),
});
const materialOf = (...recording: Call[]): Material => ({
  goal: '',
  messages: [],
  tools: [{ name: 'refund', effect: 'irreversible' }],
  environment: {},
  recording,
  position: recording.length,
  calls: [],
});
const obstacles = (material: Material, ...right: string[]) =>
  variantChoices(
    variantBasis(material),
    right.map((tool) => ({ tool, arguments: {} })),
  ).map(({ obstacle }) => obstacle);

describe('what stands against a variant before there is a fixture', () => {
  it('is nothing where a right call changes something and something was read before it', () => {
    expect(obstacles(materialOf(call('get_order', 'read')), 'refund').filter(Boolean)).toEqual([]);
  });

  it('is that nothing is changed, for all of them', () => {
    const all = obstacles(materialOf(call('get_order', 'read')), 'get_order');
    expect(new Set(all)).toEqual(new Set(['no call of the right run is known to change anything.']));
    expect(all).toHaveLength(VARIANTS.length);
  });

  it('is that nothing was read, for those that need it; a read after the first change is too late', () => {
    const material = materialOf(call('refund', 'irreversible'), call('get_order', 'read'));
    expect(obstacles(material).filter(Boolean)).toEqual([
      'nothing is read before refund, so that nothing can be out of date.',
      'nothing is read before refund, so that nothing can be smuggled in.',
    ]);
  });

  it('is what the fixture itself will say', () => {
    const fixture = { ...DUPLICATE_ORDER, mode: 'replay' as const };
    const { goal, recording, failure, correction } = fixture;
    const calls = recording.map(({ tool, effect }) => call(tool, effect));
    const tools = fixture.tools.map(({ name, effect }) => ({ name, ...(effect !== undefined && { effect }) }));
    const material = { ...materialOf(...calls), goal, tools, position: failure.position };
    expect(
      variantChoices(variantBasis(material), correction.calls).map(({ obstacle }) => obstacle === undefined),
    ).toEqual(VARIANTS.map(({ id }) => variantOf(fixture, id).ok));
  });
});
