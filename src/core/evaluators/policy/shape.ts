import type { Node } from 'jsonc-parser';
import type { Json, JsonObject } from '../../util/json.ts';

/** Says what is wrong with a part of the text; a sentence. */
export type Say = (node: Node, sentence: string) => void;

/**
 * What a value in a policy may be: how it is read, and the JSON Schema that editors check and complete by. Both stand in
 * one place, so that they can't disagree.
 */
export interface Shape<T> {
  readonly schema: JsonObject;
  /** The value; undefined, and said, when it can't be understood. `name` is what the value belongs to. */
  read(node: Node, name: string, say: Say): T | undefined;
}

/** A member of an object, with a sentence for people who hover over it. */
export interface Field<T> {
  readonly shape: Shape<T>;
  readonly words: string;
}

type Fields<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

/** One of the values that a test of the node's value accepts. */
export function scalar<T>(schema: JsonObject, what: string, accepts: (value: unknown) => T | undefined): Shape<T> {
  return {
    schema,
    read: (node, name, say) => {
      const read = node.type === 'object' || node.type === 'array' ? undefined : accepts(node.value);
      if (read === undefined) say(node, `"${name}" must be ${what}.`);
      return read;
    },
  };
}

export const flag: Shape<boolean> = scalar({ type: 'boolean' }, 'true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
);

export function text(what: string): Shape<string> {
  return scalar({ type: 'string', minLength: 1 }, what, (value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  );
}

/** A number from `least` on. */
export function number(what: string, least?: number): Shape<number> {
  return scalar({ type: 'number', ...(least !== undefined && { minimum: least }) }, what, (value) =>
    typeof value === 'number' && (least === undefined || value >= least) ? value : undefined,
  );
}

export function oneOf<T extends string>(values: readonly T[]): Shape<T> {
  return scalar({ enum: [...values] }, `one of ${values.map((value) => `"${value}"`).join(', ')}`, (value) =>
    values.find((known) => known === value),
  );
}

/** Any JSON. */
export const anything: Shape<Json> = { schema: {}, read: (node) => jsonOf(node) };

/** A list; what can't be understood of it is left out. */
export function listOf<T>(shape: Shape<T>, what: string): Shape<T[]> {
  return {
    schema: { type: 'array', items: shape.schema },
    read: (node, name, say) => {
      if (node.type !== 'array') {
        say(node, `"${name}" must be a list of ${what}.`);
        return undefined;
      }
      return (node.children ?? []).flatMap((child, i) => {
        const read = shape.read(child, `${name}[${i}]`, say);
        return read === undefined ? [] : [read];
      });
    },
  };
}

/** An object from names that people choose to values of one shape. `check` says what is wrong with a name. */
export function recordOf<T>(
  shape: Shape<T>,
  what: string,
  names?: { readonly schema: JsonObject; check(name: string): string | undefined },
): Shape<Record<string, T>> {
  return {
    schema: { type: 'object', additionalProperties: shape.schema, ...(names && { propertyNames: names.schema }) },
    read: (node, name, say) => {
      if (node.type !== 'object') {
        say(node, `"${name}" must be an object: ${what}.`);
        return undefined;
      }
      const entries: [string, T][] = [];
      for (const member of membersOf(node, say)) {
        const problem = names?.check(member.name);
        if (problem !== undefined) say(member.key, problem);
        const read = shape.read(member.value, member.name, say);
        if (read !== undefined) entries.push([member.name, read]);
      }
      return Object.fromEntries(entries);
    },
  };
}

/** An object with known members, all of which may be left out. */
export function objectOf<T extends object>(fields: Fields<T>): Shape<T> {
  const known = Object.entries<Field<unknown>>(fields);
  const names = known.map(([name]) => `"${name}"`).join(', ');
  return {
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        known.map(([name, { shape, words }]) => [name, { description: words, ...shape.schema }]),
      ),
    },
    read: (node, name, say) => {
      if (node.type !== 'object') {
        say(node, `"${name}" must be an object with ${names}.`);
        return undefined;
      }
      const entries: [string, unknown][] = [];
      for (const member of membersOf(node, say)) {
        const field = known.find(([field]) => field === member.name)?.[1];
        if (field === undefined) say(member.key, `"${member.name}" means nothing here; there are ${names}.`);
        const read = field?.shape.read(member.value, member.name, say);
        if (read !== undefined) entries.push([member.name, read]);
      }
      // The fields are those of T, and each was read by the shape of its own type.
      return Object.fromEntries(entries) as T;
    },
  };
}

/** The same value in another form, or a sentence that says why it has none. */
export function readAs<T, U>(shape: Shape<T>, make: (value: T) => { value: U } | { problem: string }): Shape<U> {
  return {
    schema: shape.schema,
    read: (node, name, say) => {
      const read = shape.read(node, name, say);
      if (read === undefined) return undefined;
      const made = make(read);
      if ('value' in made) return made.value;
      say(node, made.problem);
      return undefined;
    },
  };
}

/** `other` for what `isOther` recognises, else `shape`. */
export function eitherOf<T>(isOther: (node: Node) => boolean, other: Shape<T>, shape: Shape<T>): Shape<T> {
  return {
    schema: { anyOf: [other.schema, shape.schema] },
    read: (node, name, say) => (isOther(node) ? other : shape).read(node, name, say),
  };
}

interface Member {
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
}

/** The members of an object node. A name that stands twice is said; the later one holds. */
function membersOf(node: Node, say: Say): Member[] {
  const members = new Map<string, Member>();
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    const name: unknown = key?.value;
    if (key === undefined || value === undefined || typeof name !== 'string') continue;
    if (members.has(name)) say(key, `"${name}" stands here twice; only this one holds.`);
    members.set(name, { name, key, value });
  }
  return [...members.values()];
}

function jsonOf(node: Node): Json {
  if (node.type === 'array') return (node.children ?? []).map(jsonOf);
  if (node.type !== 'object') return (node.value ?? null) as Json;
  const members = membersOf(node, () => undefined);
  return Object.fromEntries(members.map(({ name, value }) => [name, jsonOf(value)]));
}
