/** Entries beyond this are not kept; the table then says that it is full. About 24 MB at most. */
const MOST_ENTRIES = 1_000_000;
const NONE = 0;
/** Words of an entry: its hash, one more than its first given text, one more than its first own one. */
const WIDTH = 3;
const GIVEN = 1;
const OWN = 2;

/**
 * A set of token hashes with, for each, the first text that held it and the first text of the agent's own that did.
 * 12 bytes for an entry, no strings: so that an index of 20 MB of observations stays small. Two tokens with one
 * hash are taken for the same; whoever shows a place to people looks there before.
 */
export class TokenTable {
  private slots = 1 << 12;
  private words = new Int32Array(this.slots * WIDTH);
  private entries = 0;
  full = false;

  /** Notes that text number `text` (from 0) holds the token. Answers true when the token is new. */
  add(hash: number, text: number, byAgent: boolean): boolean {
    const key = hash === NONE ? 1 : hash;
    let at = this.placeOf(key);
    const isNew = this.words[at] === NONE;
    if (isNew) {
      if (this.entries >= MOST_ENTRIES) {
        this.full = true;
        return false;
      }
      if (this.entries * 2 >= this.slots) {
        this.grow();
        at = this.placeOf(key);
      }
      this.words[at] = key;
      this.entries++;
    }
    const place = at + (byAgent ? OWN : GIVEN);
    if (this.words[place] === NONE) this.words[place] = text + 1;
    return isNew;
  }

  /** The number of the first text, given to the agent or its own, that held the token. */
  first(hash: number, byAgent: boolean): number | undefined {
    const at = this.placeOf(hash === NONE ? 1 : hash);
    const place = this.words[at + (byAgent ? OWN : GIVEN)] ?? NONE;
    return place === NONE ? undefined : place - 1;
  }

  /** Where the entry of a key begins, or the free place for it. */
  private placeOf(key: number): number {
    const { words } = this;
    const mask = this.slots - 1;
    let slot = Math.imul(key, 0x9e3779b1) & mask;
    for (;;) {
      const known = words[slot * WIDTH];
      if (known === key || known === NONE) return slot * WIDTH;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const { words } = this;
    this.slots *= 2;
    this.words = new Int32Array(this.slots * WIDTH);
    for (let from = 0; from < words.length; from += WIDTH) {
      const key = words[from] ?? NONE;
      if (key !== NONE) this.words.set(words.subarray(from, from + WIDTH), this.placeOf(key));
    }
  }
}
