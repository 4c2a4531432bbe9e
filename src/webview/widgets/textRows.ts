/** One line on screen: a stretch of one line of the text. */
export interface TextRow {
  /** Number of the line in the text, from 0. */
  readonly line: number;
  /** Where the stretch starts in its line. */
  readonly start: number;
  readonly end: number;
}

/** Up to this length a text is wrapped between words, in characters; beyond, by count alone, which costs no reading. */
const WORD_WRAP_LIMIT = 100_000;
/** A break between words may leave this part of a row empty. */
const RAGGED = 0.4;

/**
 * A text cut into lines, and lines into stretches that fit a width, so that all rows are equally high and any of them can
 * be drawn alone. Lines keep their place when the text is long: what is not seen costs one number.
 */
export class TextRows {
  private readonly starts: number[] = [0];
  /** Rows before each line. */
  private readonly rowsBefore: number[] = [];
  /** Where the rows of a line start in it, for lines that are wrapped between words. */
  private readonly breaks = new Map<number, readonly number[]>();
  readonly count: number;

  constructor(
    readonly text: string,
    readonly columns: number,
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
    const wrapsWords = text.length <= WORD_WRAP_LIMIT;
    let rows = 0;
    for (let line = 0; line < this.starts.length; line++) {
      this.rowsBefore.push(rows);
      const length = this.lengthOf(line);
      if (wrapsWords && length > columns) {
        const breaks = wordBreaks(this.line(line), columns);
        this.breaks.set(line, breaks);
        rows += breaks.length;
      } else {
        rows += Math.max(1, Math.ceil(length / columns));
      }
    }
    this.count = rows;
  }

  get lines(): number {
    return this.starts.length;
  }

  line(line: number): string {
    const start = this.starts[line] ?? this.text.length;
    return this.text.slice(start, start + this.lengthOf(line));
  }

  row(row: number): TextRow {
    const line = lastNotAbove(this.rowsBefore, row);
    const length = this.lengthOf(line);
    const place = row - (this.rowsBefore[line] ?? 0);
    const breaks = this.breaks.get(line);
    if (breaks !== undefined) return { line, start: breaks[place] ?? 0, end: breaks[place + 1] ?? length };
    let start = place * this.columns;
    let end = Math.min(start + this.columns, length);
    // A surrogate pair stays together: a row begins after it rather than inside it.
    const textStart = this.starts[line] ?? 0;
    if (isLow(this.text.charCodeAt(textStart + start)) && start > 0) start++;
    if (end < length && isLow(this.text.charCodeAt(textStart + end))) end++;
    return { line, start, end };
  }

  /** The row in which a character of the text stands. */
  rowOf(position: number): number {
    const line = lastNotAbove(this.starts, position);
    const before = this.rowsBefore[line] ?? 0;
    const column = Math.max(0, Math.min(position - (this.starts[line] ?? 0), this.lengthOf(line) - 1));
    const breaks = this.breaks.get(line);
    return before + (breaks === undefined ? Math.floor(column / this.columns) : lastNotAbove(breaks, column));
  }

  private lengthOf(line: number): number {
    const start = this.starts[line] ?? this.text.length;
    const next = this.starts[line + 1];
    const end = next === undefined ? this.text.length : next - 1;
    const hasReturn = end > start && this.text.charCodeAt(end - 1) === 13;
    return Math.max(0, end - start - (hasReturn ? 1 : 0));
  }
}

/** Where the rows of a line start: after the last space that fits, unless that would leave much of a row empty. */
function wordBreaks(line: string, columns: number): number[] {
  const breaks = [0];
  for (let start = 0; start + columns < line.length; ) {
    const space = line.lastIndexOf(' ', start + columns - 1);
    let next = space + 1 > start + columns * (1 - RAGGED) ? space + 1 : start + columns;
    if (isLow(line.charCodeAt(next))) next++;
    breaks.push(next);
    start = next;
  }
  return breaks;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Position of the last number that is not above the wanted one, in an ascending list that starts at or below it. */
function lastNotAbove(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
