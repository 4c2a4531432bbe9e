/** Entries beyond this are not kept; the table then says that it is full. About 24 MB at most. */
const MOST_ENTRIES = 1_000_000;
const NONE = 0;

/**
 * A set of token hashes with, for each, the first text that held it and the first text of the agent's own that did.
 * 12 bytes for an entry, no strings: so that an index of 20 MB of observations stays small. Two tokens with one 32-bit
 * hash are taken for the same; whoever shows a place to people looks there before.
 */
export class TokenTable {
  private hashes = new Uint32Array(1 << 12);
  private given = new Uint32Array(1 << 12);
  private own = new Uint32Array(1 << 12);
  private entries = 0;
  full = false;

  /** Notes that text number `text` (from 0) holds the token. Answers true when the token is new. */
  add(hash: number, text: number, byAgent: boolean): boolean {
    if (this.entries * 2 >= this.hashes.length) this.grow();
    const key = hash === NONE ? 1 : hash >>> 0;
    const slot = this.slotOf(key);
    const isNew = this.hashes[slot] === NONE;
    if (isNew) {
      if (this.entries >= MOST_ENTRIES) {
        this.full = true;
        return false;
      }
      this.hashes[slot] = key;
      this.entries++;
    }
    const places = byAgent ? this.own : this.given;
    if (places[slot] === NONE) places[slot] = text + 1;
    return isNew;
  }

  /** The number of the first text, given to the agent or its own, that held the token. */
  first(hash: number, byAgent: boolean): number | undefined {
    const slot = this.slotOf(hash === NONE ? 1 : hash >>> 0);
    const place = (byAgent ? this.own : this.given)[slot] ?? NONE;
    return place === NONE ? undefined : place - 1;
  }

  private slotOf(key: number): number {
    const mask = this.hashes.length - 1;
    let slot = Math.imul(key, 0x9e3779b1) & mask;
    while (this.hashes[slot] !== NONE && this.hashes[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { hashes, given, own } = this;
    this.hashes = new Uint32Array(hashes.length * 2);
    this.given = new Uint32Array(hashes.length * 2);
    this.own = new Uint32Array(hashes.length * 2);
    for (let i = 0; i < hashes.length; i++) {
      const key = hashes[i] ?? NONE;
      if (key === NONE) continue;
      const slot = this.slotOf(key);
      this.hashes[slot] = key;
      this.given[slot] = given[i] ?? NONE;
      this.own[slot] = own[i] ?? NONE;
    }
  }
}
