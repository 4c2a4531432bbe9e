import { ownText } from '../util/ownText.ts';
import { hashOfShape } from './tokens.ts';

/** Identifiers that are remembered of each shape (`#W2378156` and `#W5490111` have one), for "nearest earlier value". */
const VALUES_OF_SHAPE = 64;
const SHAPES = 2000;
/** Identifiers in which a piece is looked for: the first so many of a run, 2 MB of them. */
const MOST_WHOLE = 20_000;
/** Longer ones are keys, hashes and data, of which nobody writes a piece or a near miss. */
const LONGEST = 64;
const LONGEST_OF_SHAPE = 40;
/**
 * A piece says where a value came from only if few values of its kind would be found as one: of 10,000 identifiers nearly
 * every four digits are the last of some.
 */
const MOST_BY_CHANCE = 0.005;
const SHORTEST_PIECE = 4;

/** An identifier and the number of the text that first held it. */
export interface KnownIdentifier {
  readonly value: string;
  readonly text: number;
}

/** Some of the identifiers that the agent was given, for the questions which one a value is like, or a piece of. */
export class Identifiers {
  private readonly shapes = new Map<number, KnownIdentifier[]>();
  private readonly whole: KnownIdentifier[] = [];

  /** Notes the identifier `[start, end)` of text number `number`, which is new. Texts come in order. */
  add(text: string, start: number, end: number, number: number): void {
    if (end - start > LONGEST) return;
    const shape = end - start > LONGEST_OF_SHAPE ? undefined : hashOfShape(text, start, end);
    const known = shape === undefined ? undefined : this.shapes.get(shape);
    const isShape = shape !== undefined && (known !== undefined || this.shapes.size < SHAPES);
    if (!isShape && this.whole.length >= MOST_WHOLE) return;
    const entry = { value: ownText(text, start, end), text: number };
    if (this.whole.length < MOST_WHOLE) this.whole.push(entry);
    if (!isShape) return;
    if (known === undefined) this.shapes.set(shape, [entry]);
    else {
      if (known.length >= VALUES_OF_SHAPE) known.shift();
      known.push(entry);
    }
  }

  /** Those of the same shape (letters and digits at the same places), latest last. */
  sameShape(value: string): readonly KnownIdentifier[] {
    return this.shapes.get(hashOfShape(value)) ?? [];
  }

  /**
   * The first identifier in texts before number `before` of which a value is the beginning or the end, and at most half:
   * of one that lacks a letter it is no piece, but a mistake. Undefined also where so many identifiers are known that a
   * piece of one means nothing.
   */
  withPiece(value: string, before: number): KnownIdentifier | undefined {
    const piece = value.toLowerCase();
    if (piece.length < SHORTEST_PIECE || !/^(?=.*\d)[\da-z]+$/.test(piece)) return undefined;
    const kinds = /^\d+$/.test(piece) ? 10 : /^[\da-f]+$/.test(piece) ? 16 : 36;
    let ends = 0;
    let found: KnownIdentifier | undefined;
    for (const known of this.whole) {
      if (known.text >= before) break;
      if (known.value.length < 2 * piece.length) continue;
      ends += 2;
      if (found !== undefined) continue;
      const lower = known.value.toLowerCase();
      if (lower.startsWith(piece) || lower.endsWith(piece)) found = known;
    }
    return ends / kinds ** piece.length <= MOST_BY_CHANCE ? found : undefined;
  }
}
