const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines, each with its newline. Refuses, by throwing, a line of more than `most` bytes. */
export class LineSplitter {
  private parts: Buffer[] = [];
  private length = 0;

  constructor(private readonly most: number) {}

  /** The lines that this chunk ends. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, at + 1));
      lines.push(this.rest());
      from = at + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
    return lines;
  }

  /** What came after the last newline. */
  rest(): Buffer {
    const line = this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts);
    this.parts = [];
    this.length = 0;
    return line;
  }

  private keep(part: Buffer): void {
    this.length += part.length;
    if (this.length > this.most) throw new Error(`a message of more than ${Math.round(this.most / 1024 / 1024)} MB`);
    this.parts.push(part);
  }
}
