import { escapePointerPart } from '../util/pointer.ts';

/** Longer texts are not shown as JSON, so nobody needs a place in it. */
const LONGEST = 500_000;

/** Which member of a JSON text each position lies in. The text is read once, when the first place is asked for. */
export class JsonPlaces {
  private members: { readonly starts: number[]; readonly pointers: string[] } | undefined;

  constructor(private readonly text: string) {}

  /**
   * The JSON pointer of the innermost member that a position lies in (a member's name belongs to it); undefined where the
   * text is no object or array, or is broken before that position.
   */
  at(position: number): string | undefined {
    this.members ??= this.text.length > LONGEST || !/^\s*[[{]/.test(this.text) ? EMPTY : membersOf(this.text);
    const { starts, pointers } = this.members;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    const pointer = pointers[low - 1];
    return pointer === '' ? undefined : pointer;
  }
}

const EMPTY = { starts: [], pointers: [] };

/** A string, a sign of structure, or anything else that is a value. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},]|[^\s[\]{},:"]+/gs;

/** Where each name and each value begins, with its pointer, in order; the end of the outermost value has an empty one. */
function membersOf(text: string): { starts: number[]; pointers: string[] } {
  const starts: number[] = [];
  const pointers: string[] = [];
  /** Pointers of the open objects and arrays, and in each the member that is read. */
  const open: { readonly pointer: string; readonly isArray: boolean; here: string; count: number }[] = [];
  let isKey = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const top = open.at(-1);
    switch (token) {
      case '{':
      case '[': {
        const isArray = token === '[';
        const pointer = top?.here ?? '';
        open.push({ pointer, isArray, here: isArray ? `${pointer}/0` : pointer, count: 0 });
        isKey = !isArray;
        break;
      }
      case '}':
      case ']':
        open.pop();
        isKey = false;
        break;
      case ',':
        if (top?.isArray === true) top.here = `${top.pointer}/${++top.count}`;
        else isKey = true;
        break;
      default:
        if (isKey && top !== undefined) top.here = `${top.pointer}/${partOf(token)}`;
        isKey = false;
        starts.push(index);
        pointers.push(top?.here ?? '');
    }
    if (open.length > 0) continue;
    starts.push(index);
    pointers.push('');
    break;
  }
  return { starts, pointers };
}

/** The name of a member as part of a pointer. Most are plain words, and there are thousands of them. */
function partOf(token: string): string {
  if (!/[\\~/]/.test(token)) return token.slice(1, -1);
  try {
    return escapePointerPart(String(JSON.parse(token)));
  } catch {
    return escapePointerPart(token);
  }
}
