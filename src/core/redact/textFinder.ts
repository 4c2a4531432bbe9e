/**
 * Finds many fixed texts in a text, in time that hardly grows with how many there are: a pattern of all of them joined by
 * `|` tries each at every place.
 */
export class TextFinder {
  /** Texts by their first four characters, longest first. */
  private readonly byStart = new Map<string, string[]>();
  /** 1 where four characters begin one of the texts, by their hash. */
  private readonly starts = new Uint8Array(1 << 16);

  /** Texts of fewer than four characters are not looked for. `wholeWord` says which are found as words only. */
  constructor(
    texts: Iterable<string>,
    private readonly wholeWord: (text: string) => boolean,
  ) {
    for (const text of texts) {
      if (text.length < WIDTH) continue;
      const start = text.slice(0, WIDTH);
      const same = this.byStart.get(start);
      if (same === undefined) this.byStart.set(start, [text]);
      else same.push(text);
      let hash = 0;
      for (let i = 0; i < WIDTH; i++) hash = ((hash << 4) ^ text.charCodeAt(i)) & 0xffff;
      this.starts[hash] = 1;
    }
    for (const same of this.byStart.values()) same.sort((a, b) => b.length - a.length);
  }

  /** The text with what `replacement` answers in place of each found text: the leftmost first, of those the longest. */
  replace(text: string, replacement: (found: string) => string): string {
    if (this.byStart.size === 0) return text;
    const { starts } = this;
    let replaced = '';
    let done = 0;
    // Each step shifts four bits on, so the hash is of the last four characters and of nothing before them.
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      hash = ((hash << 4) ^ text.charCodeAt(i)) & 0xffff;
      const start = i - WIDTH + 1;
      if (starts[hash] === 0 || start < done) continue;
      const found = this.at(text, start);
      if (found === undefined) continue;
      replaced += text.slice(done, start) + replacement(found);
      done = start + found.length;
    }
    return done === 0 ? text : replaced + text.slice(done);
  }

  private at(text: string, start: number): string | undefined {
    const candidates = this.byStart.get(text.slice(start, start + WIDTH));
    return candidates?.find(
      (candidate) =>
        text.startsWith(candidate, start) &&
        (!this.wholeWord(candidate) || (!isWord(text, start - 1) && !isWord(text, start + candidate.length))),
    );
  }
}

const WIDTH = 4;

function isWord(text: string, at: number): boolean {
  return /\w/.test(text[at] ?? '');
}
