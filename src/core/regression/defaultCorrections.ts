import { leafKindOf } from '../provenance/leafKind.ts';
import type { ContentPart, Run, Step } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { isObject, type Json, type JsonObject, tryParse } from '../util/json.ts';
import { leavesOf, pointerParts } from '../util/pointer.ts';
import type { WantedChange } from './expectations.ts';
import type { FixtureCall } from './fixture.ts';
import { sameJson } from './matchers.ts';

/** A correction to start from, and a sentence that says why. */
export interface ProposedCorrection {
  readonly correction: WantedChange;
  readonly why: string;
}

/** So many other values are proposed for one step. */
const MOST_EDITS = 3;

/**
 * Corrections that the trace itself offers for a step, best first: what the benchmark expects, another value that was
 * seen under the same name, the call left out, and for a claim a tool that was never called. `before` are the steps
 * before the failing one. Nothing here knows what is right: a person chooses.
 */
export function defaultCorrections(run: Run, before: readonly Step[], failing: Step): ProposedCorrection[] {
  const calls = failing.actions.map(({ tool, arguments: args }) => ({ tool, arguments: args }));
  const expected = calls.flatMap((call) => expectedInstead(run, before, call));
  const edits = calls.flatMap((call) => otherValues(before, call)).slice(0, MOST_EDITS);
  const forbids = calls.map(
    (call): ProposedCorrection => ({
      correction: { kind: 'forbid', ...call },
      why: `Calls of ${call.tool} with these arguments fail the test.`,
    }),
  );
  // One other value is a good guess; of several, a person knows the right one.
  const guesses = edits.length === 1 ? [...edits, ...forbids] : [...forbids, ...edits];
  return [...expected, ...guesses, ...(calls.length === 0 ? uncalledTools(run, before) : [])];
}

/** The benchmark's own call of this tool, when the run has not made it yet. */
function expectedInstead(run: Run, before: readonly Step[], call: FixtureCall): ProposedCorrection[] {
  const made = before.flatMap((step) => step.actions);
  const wanted = (run.expectedActions ?? []).find(
    ({ tool, arguments: args }) =>
      tool === call.tool && ![call, ...made].some((other) => other.tool === tool && sameJson(other.arguments, args)),
  );
  if (wanted === undefined) return [];
  const correction: WantedChange = { kind: 'edit', tool: wanted.tool, arguments: wanted.arguments };
  return [{ correction, why: `The benchmark expects ${wanted.tool} with these arguments.` }];
}

interface SeenValue {
  readonly value: Json;
  readonly step: number;
  readonly byUser: boolean;
}

/** The call with one argument replaced by a value that stood under the same name in an earlier observation. */
function otherValues(before: readonly Step[], call: FixtureCall): ProposedCorrection[] {
  return Object.entries(call.arguments).flatMap(([name, value]) => {
    const kind = leafKindOf(name, value);
    if (kind !== 'identifier' && kind !== 'number' && kind !== 'date' && kind !== 'address') return [];
    const seen = seenUnder(name, before).filter(
      (other) => typeof other.value === typeof value && other.value !== value,
    );
    // What the user named comes first, then what the agent read last.
    seen.sort((a, b) => Number(b.byUser) - Number(a.byUser) || b.step - a.step);
    return seen.map((other) => ({
      correction: { kind: 'edit' as const, tool: call.tool, arguments: { ...call.arguments, [name]: other.value } },
      why: other.byUser
        ? `The user named ${name} ${JSON.stringify(other.value)}.`
        : `${name} ${JSON.stringify(other.value)} was there too, at step ${other.step + 1}.`,
    }));
  });
}

function seenUnder(name: string, before: readonly Step[]): SeenValue[] {
  const said = before.filter((step) => step.kind === 'user').map((step) => partsText(step.message ?? []));
  const seen = new Map<Json, SeenValue>();
  for (const step of before) {
    for (const { observation } of step.actions) {
      for (const part of observation?.content ?? []) {
        for (const { pointer, value } of leavesOf(jsonOf(part))) {
          if (!namesSame(name, pointerParts(pointer)) || typeof value === 'object' || seen.has(value)) continue;
          seen.set(value, { value, step: step.index, byUser: said.some((text) => text.includes(String(value))) });
        }
      }
    }
  }
  return [...seen.values()];
}

/** `order_id` is named by `order_id`, and by `id` inside `order` or `orders`. */
function namesSame(name: string, path: readonly string[]): boolean {
  const names = path.filter((part) => !/^\d+$/.test(part));
  const last = names.at(-1) ?? '';
  return last === name || `${(names.at(-2) ?? '').replace(/s$/, '')}_${last}` === name;
}

function jsonOf(part: ContentPart): Json {
  if (part.type === 'json') return part.value;
  const parsed = part.type === 'text' ? tryParse(part.text) : undefined;
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}

/** For a claim without a call: each declared tool that the run never called, with arguments that earlier values fill. */
function uncalledTools(run: Run, before: readonly Step[]): ProposedCorrection[] {
  const called = new Set(before.flatMap((step) => step.tools));
  return (run.tools ?? [])
    .filter((tool) => !called.has(tool.name))
    .slice(0, MOST_EDITS)
    .map(({ name, inputSchema }) => ({
      correction: { kind: 'require' as const, tool: name, arguments: filled(inputSchema, before) },
      why: `${name} is declared and was never called.`,
    }));
}

/** The required arguments of a schema, each with the value last seen under its name; those never seen are left out. */
function filled(schema: JsonObject | undefined, before: readonly Step[]): JsonObject {
  const required = Array.isArray(schema?.required) ? schema.required : [];
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const given: JsonObject = {};
  for (const name of required) {
    if (typeof name !== 'string' || !Object.hasOwn(properties, name)) continue;
    const seen = seenUnder(name, before);
    const best = seen.findLast((value) => value.byUser) ?? seen.at(-1);
    if (best !== undefined) given[name] = best.value;
  }
  return given;
}
