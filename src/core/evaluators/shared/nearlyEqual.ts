import type { Action } from '../../trace/model.ts';
import { digestOf } from '../../util/digest.ts';

/** What is kept of a call to tell whether the next one is nearly the same. */
export interface CallOutline {
  readonly tool: string;
  /** Each argument by its name: its text when it is short, else a digest. */
  readonly values: ReadonlyMap<string, string>;
  /** Arguments that may come or go without another thing being asked for. */
  readonly optional: ReadonlySet<string>;
}

export function outlineOf({ tool, arguments: given }: Action): CallOutline {
  const values = new Map<string, string>();
  const optional = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    // Models write 16 as "16" and back.
    const text = isScalar ? String(value).trim() : JSON.stringify(value);
    values.set(name, text.length > LONGEST ? digestOf(text) : text);
    if (typeof value === 'string' && !/^\s*-?[\d.]+\s*$/.test(value) && !STRETCH.test(name)) optional.add(name);
  }
  return { tool, values, optional };
}

const LONGEST = 300;

/** Names of arguments that say which part of a thing is asked for: with another one, another part is. */
const STRETCH =
  /page|cursor|offset|token|after|before|since|until|next|limit|range|start|end|from|line|index|skip|position|filter|query|pattern/i;

/**
 * True when two calls differ, but only in how they were written: a number as text, a path with more folders before it, a
 * command with the folder that it runs in before it, an argument under another name, or a text argument that one of them leaves out. What remains must be the same, and not
 * nothing.
 */
export function nearlyEqual(a: CallOutline, b: CallOutline): boolean {
  if (a.tool !== b.tool) return false;
  const [short, long] = a.values.size <= b.values.size ? [a, b] : [b, a];
  if (short.values.size === 0) return false;
  const unmatched = new Map(long.values);
  const renamed: string[] = [];
  for (const [name, value] of short.values) {
    const other = unmatched.get(name);
    if (other !== undefined && isSame(value, other)) unmatched.delete(name);
    else renamed.push(value);
  }
  for (const value of renamed) {
    const twin = [...unmatched].find(([, other]) => other === value)?.[0];
    if (twin === undefined) return false;
    unmatched.delete(twin);
  }
  return [...unmatched.keys()].every((name) => long.optional.has(name));
}

/** Equal, or the same path with more folders before it, or the same command with the folder that it runs in before it. */
function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const folder = /^cd \S+ && /.exec(long)?.[0];
  if (folder !== undefined) return short !== '' && long.slice(folder.length) === short;
  return /^[\w.-]+(?:\/[\w.-]+)+$/.test(short) && long.endsWith(`/${short}`);
}
