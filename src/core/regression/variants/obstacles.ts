import type { Effect } from '../../evaluators/effects.ts';
import type { FixtureCall, Recording } from '../fixture.ts';
import type { Material } from '../material.ts';
import { VARIANTS } from './all.ts';
import type { Varied } from './variant.ts';

/** What of a run decides which variants there are, small enough to be shown before a fixture is built. */
export interface VariantBasis {
  /** The first call before the failing step that changes something, and a read before it, as far as there are. */
  readonly before: readonly { readonly tool: string; readonly effect: Effect }[];
  /** Tools that are known to change something. */
  readonly writers: readonly string[];
}

/** The basis for a step of a run. */
export function variantBasis({ recording, position, tools }: Material): VariantBasis {
  const changes = (effect: Effect | undefined) => effect === 'write' || effect === 'irreversible';
  const effectOf = (call: { tool: string; effect?: Effect }) =>
    call.effect ??
    recording.find(({ tool, effect }) => tool === call.tool && effect !== undefined)?.effect ??
    tools.find(({ name }) => name === call.tool)?.effect;
  const before = recording.slice(0, position).map((call) => ({ tool: call.tool, effect: effectOf(call) ?? 'unknown' }));
  const write = before.findIndex(({ effect }) => changes(effect));
  const read = before.slice(0, write < 0 ? undefined : write).find(({ effect }) => effect === 'read');
  const names = [...tools.map(({ name }) => name), ...recording.map(({ tool }) => tool)];
  return {
    before: [read, before[write]].filter((one) => one !== undefined),
    writers: [...new Set(names)].filter((tool) => changes(effectOf({ tool }))),
  };
}

export interface VariantChoice {
  readonly id: string;
  readonly summary: string;
  /** A sentence that says why the fixture can't have it. */
  readonly obstacle?: string;
}

/** Every variant, with what stands against it when these are the right calls of the step. */
export function variantChoices({ before, writers }: VariantBasis, right: readonly FixtureCall[]): VariantChoice[] {
  const outline: Varied = {
    goal: '',
    messages: [],
    tools: writers.map((name) => ({ name, effect: 'write' })),
    recording: before.map(asRecorded),
    failure: { position: before.length, calls: [], reason: '' },
    correction: { calls: right },
    expect: [],
  };
  return VARIANTS.map(({ id, summary, of }) => {
    const made = of(outline);
    return { id, summary, ...(!made.ok && { obstacle: made.error }) };
  });
}

function asRecorded(call: VariantBasis['before'][number]): Recording {
  return { ...call, arguments: {}, argumentsHash: '', ordinal: 0, observation: null, isError: false };
}
