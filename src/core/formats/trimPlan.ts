import { DEFAULT_MAX } from './columns.ts';
import type { Column, Columns } from './format.ts';

/** What is asked of the value at one place of a record. */
export interface TrimPlan {
  /** The value is needed as it stands, with all that is in it. */
  readonly whole: boolean;
  /** UTF-16 units that are needed of each end of a string. */
  readonly text: TextEnds | undefined;
  /** Whether a list is needed as it stands, where text is asked for. */
  readonly lists: 'whole' | 'elements';
  /** Members that are asked for, by the length of their name in bytes. */
  readonly members: ReadonlyMap<number, readonly Member[]>;
  /** What is asked of each element of a list: of those at some position, and of all others. */
  readonly positions: readonly (TrimPlan | undefined)[];
  readonly others: TrimPlan | undefined;
  /** Set for an OTLP attribute list: what is asked of the attributes. */
  readonly attributes: AttributePlan | undefined;
}

export interface TextEnds {
  readonly head: number;
  readonly tail: number;
}

export interface Member {
  readonly name: Uint8Array;
  readonly plan: TrimPlan;
}

export interface AttributePlan {
  readonly byKey: ReadonlyMap<string, TextEnds | 'whole'>;
  readonly prefixes: readonly string[];
}

interface Wish {
  readonly column: Column;
  readonly level: number;
}

const plans = new WeakMap<Columns, TrimPlan>();

/** What a set of columns asks of a record; worked out once for each set. */
export function trimPlanOf(columns: Columns): TrimPlan {
  const known = plans.get(columns);
  if (known !== undefined) return known;
  const made = planOf(Object.values(columns).map((column) => ({ column, level: 0 })));
  plans.set(columns, made);
  return made;
}

function planOf(wishes: readonly Wish[]): TrimPlan {
  const here = wishes.filter(({ column, level }) => level === column.path.length).map(({ column }) => column);
  const own = here.filter(({ attribute }) => attribute === undefined);
  const texts = own.filter(({ kind }) => kind === 'text');
  const below = wishes.filter(({ column, level }) => level < column.path.length);
  const part = ({ column, level }: Wish) => column.path[level];
  const next = (some: readonly Wish[]) => planOf(some.map(({ column, level }) => ({ column, level: level + 1 })));
  const others = below.filter((wish) => part(wish) === '*');
  const last = below.reduce((max, wish) => Math.max(max, Number.isInteger(part(wish)) ? Number(part(wish)) : -1), -1);
  const positions = Array.from({ length: last + 1 }, (_, i) => {
    const some = below.filter((wish) => part(wish) === i || part(wish) === '*');
    return some.length === 0 ? undefined : next(some);
  });
  const names = new Set(below.map(part).filter((name) => typeof name === 'string' && name !== '*'));
  const members = new Map<number, Member[]>();
  for (const text of names) {
    const name = new TextEncoder().encode(String(text));
    const plan = next(below.filter((wish) => part(wish) === text));
    members.set(name.length, [...(members.get(name.length) ?? []), { name, plan }]);
  }
  return {
    // An attribute list of which something else is asked too is no case worth a plan.
    whole: own.some(({ kind }) => kind !== 'text') || (own.length < here.length && own.length + below.length > 0),
    lists: texts.every(({ lists }) => lists === 'empty') ? 'elements' : 'whole',
    text: texts.length === 0 ? undefined : endsOf(texts),
    members,
    positions,
    others: others.length === 0 ? undefined : next(others),
    attributes: attributesOf(here.filter(({ attribute }) => attribute !== undefined)),
  };
}

function endsOf(texts: readonly Column[]): TextEnds {
  const longest = (some: readonly Column[]) => some.reduce((most, { max = DEFAULT_MAX }) => Math.max(most, max), 0);
  return {
    head: longest(texts.filter(({ keep }) => keep === undefined)),
    tail: longest(texts.filter(({ keep }) => keep === 'end')),
  };
}

function attributesOf(columns: readonly Column[]): AttributePlan | undefined {
  if (columns.length === 0) return undefined;
  const keyed = columns.map((column) => ({ key: column.attribute ?? '', column }));
  const exact = keyed.filter(({ key }) => !key.endsWith('*'));
  const byKey = new Map(
    exact.map(({ key }) => {
      const own = exact.filter((other) => other.key === key).map(({ column }) => column);
      return [key, own.every(({ kind }) => kind === 'text') ? endsOf(own) : 'whole'] as const;
    }),
  );
  return { byKey, prefixes: keyed.filter(({ key }) => key.endsWith('*')).map(({ key }) => key.slice(0, -1)) };
}
