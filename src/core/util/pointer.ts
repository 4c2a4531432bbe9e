import { at, type Json } from './json.ts';

/** One part of a JSON pointer as RFC 6901 section 3 writes it. */
export function escapePointerPart(part: string | number): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A JSON pointer (RFC 6901) from its parts: `['a', 0]` gives `/a/0`, `[]` gives the empty pointer. */
export function pointerOf(parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${escapePointerPart(part)}`).join('');
}

/** The parts of a JSON pointer, all as strings. */
export function pointerParts(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value a JSON pointer points at, or undefined. */
export function resolvePointer(value: unknown, pointer: string): Json | undefined {
  let here: unknown = value;
  for (const part of pointerParts(pointer)) {
    here = Array.isArray(here) ? at(here, Number(part)) : at(here, part);
    if (here === undefined) return undefined;
  }
  return here as Json;
}

/** Every leaf (string, number, boolean, null, empty object or array) of a value, with its pointer, in document order. */
export function* leavesOf(value: Json, pointer = ''): Generator<{ pointer: string; value: Json }> {
  const stack: { pointer: string; value: Json }[] = [{ pointer, value }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { pointer: here, value: node } = top;
    if (typeof node !== 'object' || node === null) {
      yield top;
      continue;
    }
    const children = Array.isArray(node)
      ? node.map((child, i) => ({ pointer: `${here}/${i}`, value: child }))
      : Object.keys(node).map((key) => ({
          pointer: `${here}/${escapePointerPart(key)}`,
          value: node[key] as Json,
        }));
    if (children.length === 0) yield top;
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as { pointer: string; value: Json });
  }
}
