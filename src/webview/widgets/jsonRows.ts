import { isObject, type Json } from '../../core/util/json.ts';
import { escapePointerPart, pointerParts } from '../../core/util/pointer.ts';

/** Which nodes of a JSON tree stand open when it is first shown: from the top, breadth first, up to so many rows. */
export function openAtFirst(value: Json, pointer: string, budget: number): Set<string> {
  const open = new Set<string>();
  let rows = 1;
  let level: { value: Json; pointer: string }[] = [{ value, pointer }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const node of level) {
      const shown = Math.min(sizeOf(node.value), SHOWN_CHILDREN);
      if (shown === 0 || rows + shown > budget) continue;
      open.add(node.pointer);
      rows += shown;
      next.push(...childrenOf(node.value, node.pointer, 0, shown));
    }
    level = next;
  }
  return open;
}

/** Children of one node that are shown before "show more". */
export const SHOWN_CHILDREN = 25;
/** Of a node with more children, groups of at most so many are shown. */
export const GROUP_SIZE = 100;
/** Up to so many children are shown one by one. */
const UNGROUPED = 1000;

/** How many members or elements a value has; 0 for a leaf. */
export function sizeOf(value: Json): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

export interface JsonChild {
  readonly name: string;
  readonly value: Json;
  readonly pointer: string;
}

/** Members of an object or elements of an array, those from place `from` to `to`; none for a leaf. */
export function childrenOf(value: Json, pointer: string, from = 0, to = Number.POSITIVE_INFINITY): JsonChild[] {
  if (Array.isArray(value)) {
    return value.slice(from, to).map((child, i) => {
      const name = String(from + i);
      return { name, value: child, pointer: `${pointer}/${name}` };
    });
  }
  if (!isObject(value)) return [];
  return Object.keys(value)
    .slice(from, to)
    .map((name) => ({ name, value: value[name] ?? null, pointer: `${pointer}/${escapePointerPart(name)}` }));
}

/** The children from `from` to `to` in groups, at most a hundred of them; none when they are few enough to be shown. */
export function groupsOf(from: number, to: number): { readonly from: number; readonly to: number }[] {
  if (to - from <= UNGROUPED) return [];
  let size = GROUP_SIZE;
  while ((to - from) / size > GROUP_SIZE) size *= GROUP_SIZE;
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => ({
    from: from + i * size,
    to: Math.min(to, from + (i + 1) * size),
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

/** What stands for a group of children among the open nodes: no pointer of a node begins like this. */
export function groupPlace(pointer: string, from: number, to: number): string {
  return `#${from}-${to} ${pointer}`;
}

/** The nodes and groups that must be open for a value below to be drawn. */
export function openTo(value: Json, pointer: string, reveal: string): string[] {
  const places: string[] = [];
  let [node, here] = [value, pointer];
  for (let index = indexTo(node, here, reveal); index >= 0; index = indexTo(node, here, reveal)) {
    places.push(here);
    let groups = groupsOf(0, sizeOf(node));
    for (;;) {
      const group = groups.find(({ from, to }) => from <= index && index < to);
      if (group === undefined) break;
      places.push(groupPlace(here, group.from, group.to));
      groups = groupsOf(group.from, group.to);
    }
    const [child] = childrenOf(node, here, index, index + 1);
    if (child === undefined) break;
    [node, here] = [child.value, child.pointer];
  }
  return places;
}

/** Which child of a node leads to a pointer; -1 when none does. */
export function indexTo(node: Json, pointer: string, reveal: string | undefined): number {
  if (reveal?.startsWith(`${pointer}/`) !== true) return -1;
  const [name = ''] = pointerParts(reveal.slice(pointer.length));
  if (Array.isArray(node)) return /^\d+$/.test(name) && Number(name) < node.length ? Number(name) : -1;
  return isObject(node) ? Object.keys(node).indexOf(name) : -1;
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
