import type { Json } from '../../util/json.ts';
import type { LeafKind } from '../leafKind.ts';
import type { Sought } from '../sought.ts';
import type { IndexedText } from '../textPlaces.ts';
import type { ValueIndex } from '../valueIndex.ts';

/** A value of an argument whose origin is asked for. */
export interface Asked {
  readonly value: Json;
  readonly leaf: LeafKind;
  /** Only what stood before this step counts. */
  readonly before: number;
  readonly index: ValueIndex;
  /** The tool that the argument was given to. */
  readonly tool?: string | undefined;
  /** The argument's place among the arguments, as parts of a JSON pointer. */
  readonly path?: readonly string[] | undefined;
}

/** A text that a value came from, and what of it stands there. */
export interface Parent {
  readonly text: IndexedText;
  readonly sought: Sought;
}

export interface Grounds {
  /** Ends "derived: …". Absent when the value itself stands there, in whatever spelling. */
  readonly how?: string;
  readonly parents: readonly Parent[];
}

/** One way in which an argument comes from an earlier value. */
export interface Derivation {
  readonly id: string;
  /** What this derivation is, in a line of the documentation. */
  readonly summary: string;
  /** What the index knows that the value was so derived from. Hashes are compared, no text is read. */
  readonly grounds?: (asked: Asked) => Grounds | undefined;
  /** How the value is written otherwise than the quote of an earlier text, when that is all the difference. */
  readonly spelling?: (quote: string, value: Json) => string | undefined;
}

/** The parents of a value that stands as such in one text. */
export function standsIn(text: IndexedText | undefined, sought: Sought): Grounds | undefined {
  return text === undefined ? undefined : { parents: [{ text, sought }] };
}
