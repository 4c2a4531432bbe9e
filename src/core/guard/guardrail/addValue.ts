import { type Node, parseTree } from 'jsonc-parser';

/**
 * A text of JSON with comments with one value more, at a path of names; a number at its end appends to a list. Nothing
 * that stands there moves: not a comment, not the way in which a list is laid out. (jsonc-parser's `modify` lays out anew
 * what it touches, and takes a comment after a member along to the new one.) The text must be right, and hold nothing at
 * the path yet.
 */
export function addValue(text: string, path: readonly (string | number)[], value: unknown): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) throw new Error('A text with nothing in it has no place for a value.');
  let holder = root;
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const next = memberOf(holder, path[depth]);
    if (next === undefined) break;
    holder = next;
  }
  // What is not there yet around the value is made with it.
  const made = path.slice(depth + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  return insert(text, holder, holder.type === 'array' ? undefined : String(path[depth]), made);
}

function memberOf(holder: Node, name: string | number | undefined): Node | undefined {
  return holder.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

function insert(text: string, holder: Node, name: string | undefined, value: unknown): string {
  const last = holder.children?.at(-1);
  const close = holder.offset + holder.length - 1;
  const outer = indentAt(text, holder.offset);
  const lines = (indent: string) => {
    const words = JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${indent}`);
    return `${indent}${name === undefined ? '' : `${JSON.stringify(name)}: `}${words}`;
  };
  if (last === undefined) {
    const before = text.slice(0, close).trimEnd();
    return `${before}\n${lines(`${outer}  `)}\n${outer}${text.slice(close)}`;
  }
  const end = last.offset + last.length;
  const comma = commaAfter(text, end, close);
  const lineEnd = endOfLine(text, comma === undefined ? end : comma + 1);
  if (lineEnd >= close) {
    // The holder ends on the line: it goes on there.
    const words = `${name === undefined ? '' : `${JSON.stringify(name)}: `}${JSON.stringify(value, undefined, 1).replace(/\n\s*/g, ' ')}`;
    const at = comma === undefined ? end : comma + 1;
    return `${text.slice(0, at)}${comma === undefined ? ', ' : ' '}${words}${text.slice(at)}`;
  }
  const added = `\n${lines(indentAt(text, last.offset))}`;
  if (comma !== undefined) return `${text.slice(0, lineEnd)}${added}${text.slice(lineEnd)}`;
  return `${text.slice(0, end)},${text.slice(end, lineEnd)}${added}${text.slice(lineEnd)}`;
}

/** Where a comma stands after the last member, comments aside. */
function commaAfter(text: string, from: number, close: number): number | undefined {
  const between = /(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*,/y;
  between.lastIndex = from;
  return between.test(text) && between.lastIndex <= close ? between.lastIndex - 1 : undefined;
}

/** The end of the line, behind a comment that goes on over several; infinite where more than comments stands on it. */
function endOfLine(text: string, from: number): number {
  const rest = /(?:[^\S\r\n]|\/\*[\s\S]*?\*\/)*(?:\/\/[^\r\n]*)?(?=\r?\n)/y;
  rest.lastIndex = from;
  return rest.test(text) ? rest.lastIndex : Number.POSITIVE_INFINITY;
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
