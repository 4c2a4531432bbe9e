/**
 * The bytes of the value that a finding's pointer (`/actions/0/arguments/order_id`) names, relative to the start of the
 * record's text. A pointer goes into the model, not into the file, and every format writes arguments in its own place
 * (often as JSON inside a string), so the value is found by its name: when the name stands exactly once in the record.
 * Undefined when it doesn't, or the pointer is not into arguments.
 */
export function narrow(record: string, pointer: string): { start: number; end: number } | undefined {
  const name = /^\/actions\/\d+\/arguments\/(?:.*\/)?([^/]*[^/\d][^/]*)$/.exec(pointer)?.[1];
  if (name === undefined) return undefined;
  const key = name
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // The value: a string (plain, or escaped inside another string), or all up to the next comma or bracket.
  const plain = new RegExp(`"${key}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^\\s,}\\]]+)`, 'g');
  const escaped = new RegExp(`\\\\"${key}\\\\"\\s*:\\s*(\\\\"(?:[^"\\\\]|\\\\\\\\\\\\.)*\\\\"|[^\\s,}\\]"]+)`, 'g');
  const found = [...record.matchAll(plain), ...record.matchAll(escaped)];
  const [only] = found;
  if (only === undefined || found.length !== 1) return undefined;
  const value = only[1] ?? '';
  const from = only.index + only[0].length - value.length;
  const start = byteLength(record.slice(0, from));
  return { start, end: start + byteLength(value) };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
