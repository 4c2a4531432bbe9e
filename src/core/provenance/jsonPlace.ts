import { escapePointerPart } from '../util/pointer.ts';

/** Longer texts are not shown as JSON, so nobody needs a place in it. */
const LONGEST = 500_000;

/**
 * The JSON pointer of the innermost member of a JSON text that a position lies in (a member's name belongs to it);
 * undefined where the text is no object or array, or is broken before that position. Reads up to the position only.
 */
export function pointerAt(text: string, position: number): string | undefined {
  if (text.length > LONGEST || !/^\s*[[{]/.test(text)) return undefined;
  const path: { key: string | number; isArray: boolean }[] = [];
  TOKEN.lastIndex = 0;
  let isKey = false;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const { 0: token, index } = match;
    const top = path.at(-1);
    const isString = token.startsWith('"');
    if (isString && isKey && top !== undefined) {
      top.key = nameOf(token);
      isKey = false;
    }
    if (TOKEN.lastIndex > position) return index > position && !isString ? undefined : pointerTo(path);
    if (token === '{' || token === '[') {
      const isArray = token === '[';
      path.push({ key: isArray ? 0 : '', isArray });
      isKey = !isArray;
    } else if (token === '}' || token === ']') {
      path.pop();
      isKey = false;
      if (path.length === 0) return undefined;
    } else if (token === ',') {
      if (top?.isArray === true) top.key = Number(top.key) + 1;
      else isKey = true;
    }
  }
  return undefined;
}

/** A string, a sign of structure, or anything else that is a value. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},]|[^\s[\]{},:"]+/gs;

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}

function pointerTo(path: readonly { key: string | number }[]): string {
  return path.map(({ key }) => `/${escapePointerPart(key)}`).join('');
}
