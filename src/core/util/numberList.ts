type Cells = Uint16Array | Uint32Array | Float64Array;

/** A growing list of numbers of one width: a million of them in as many bytes as they need. */
export class NumberList<C extends Cells> {
  private cells: C;
  length = 0;

  constructor(private readonly make: (length: number) => C) {
    this.cells = make(64);
  }

  push(value: number): void {
    if (this.length === this.cells.length) {
      const longer = this.make(this.length * 2);
      longer.set(this.cells);
      this.cells = longer;
    }
    this.cells[this.length++] = value;
  }

  /** Replaces a number that is there. */
  set(index: number, value: number): void {
    if (index >= 0 && index < this.length) this.cells[index] = value;
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.cells[index] : undefined;
  }
}

/** How many different numbers there are. */
export function countDistinct(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.reduce((count, value, i) => count + (i > 0 && value === sorted[i - 1] ? 0 : 1), 0);
}
