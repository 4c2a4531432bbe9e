import { isObject, type Json } from '../../core/util/json.ts';
import { escapePointerPart } from '../../core/util/pointer.ts';

/** Which nodes of a JSON tree stand open when it is first shown: from the top, breadth first, up to so many rows. */
export function openAtFirst(value: Json, pointer: string, budget: number): Set<string> {
  const open = new Set<string>();
  let rows = 1;
  let level: { value: Json; pointer: string }[] = [{ value, pointer }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const node of level) {
      const children = childrenOf(node.value, node.pointer);
      if (children.length === 0 || rows + Math.min(children.length, SHOWN_CHILDREN) > budget) continue;
      open.add(node.pointer);
      rows += Math.min(children.length, SHOWN_CHILDREN);
      next.push(...children.slice(0, SHOWN_CHILDREN));
    }
    level = next;
  }
  return open;
}

/** Children of one node that are shown before "show more". */
export const SHOWN_CHILDREN = 25;

export interface JsonChild {
  readonly name: string;
  readonly value: Json;
  readonly pointer: string;
}

/** Members of an object or elements of an array; none for a leaf. */
export function childrenOf(value: Json, pointer: string): JsonChild[] {
  if (Array.isArray(value)) {
    return value.map((child, i) => ({ name: String(i), value: child, pointer: `${pointer}/${i}` }));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, child]) => ({
    name,
    value: child,
    pointer: `${pointer}/${escapePointerPart(name)}`,
  }));
}

/** A closed node in a few words: `{id, name, …}`, `[12 items]`. */
export function summaryOf(value: Json): string {
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.length} ${value.length === 1 ? 'item' : 'items'}]`;
  if (!isObject(value)) return '';
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  return `{${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}}`;
}

export interface JsonTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (Json | undefined)[])[];
}

/** An array of like objects with plain values as a table; undefined when the value is none. */
export function tableOf(value: Json): JsonTable | undefined {
  if (!Array.isArray(value) || value.length < 2 || value.length > 1000 || !value.every(isObject)) return undefined;
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0 || columns.length > 12) return undefined;
  const rows = value.map((row) => columns.map((column) => row[column]));
  const cells = rows.flat();
  const filled = cells.filter((cell) => cell !== undefined);
  const isPlain = filled.every((cell) => (typeof cell === 'string' ? cell.length <= 120 : !isNested(cell)));
  return isPlain && filled.length >= cells.length * 0.7 ? { columns, rows } : undefined;
}

function isNested(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
