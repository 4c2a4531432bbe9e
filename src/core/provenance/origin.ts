import type { Json } from '../util/json.ts';

/** Where the value of one argument leaf came from. */
export interface ArgumentOrigin {
  /** JSON pointer into the step: `/actions/0/arguments/order_id`. */
  readonly pointer: string;
  readonly value: Json;
  /**
   * `direct`: stood so in an earlier text. `derived`: an earlier text after a change of shape (`how` says which).
   * `authored`: free text or code, written by the model by nature. `trivial`: too short or common to have an origin.
   * `nowhere`: not seen before.
   */
  readonly kind: 'direct' | 'derived' | 'authored' | 'trivial' | 'nowhere';
  /** Which of the derivations it is, where it is derived: `case`, `base64`, `arithmetic`, … */
  readonly derivation?: string;
  /** How it was derived: "in other case", "sum of 3 numbers". Of one from nowhere, what could not be looked at. */
  readonly how?: string;
  /**
   * The places that it came from: one, or one for each thing that it was made of. A place with role `agent` grounds
   * nothing: the agent only repeats itself.
   */
  readonly sources: readonly OriginPlace[];
  /** Nearest earlier value when it came from nowhere: "#W2378156 at step 3". */
  readonly nearest?: OriginPlace;
}

export interface OriginPlace {
  /** -1 for the run's own texts: its goal, system prompt or tool list. */
  readonly step: number;
  /** JSON pointer to a text of that step (of the run, for -1). */
  readonly pointer: string;
  readonly role: 'user' | 'system' | 'observation' | 'agent';
  /** What stands there, as it is written there; empty when only the text is known. */
  readonly quote: string;
  /** Where the quote stands in the text, in UTF-16 units: `[start, end)`. Absent when only the text is known. */
  readonly range?: { readonly start: number; readonly end: number };
  /** Where the text is JSON itself: the JSON pointer in it to the value that holds the quote. */
  readonly within?: string;
  /** At most 120 characters around the quote. */
  readonly excerpt: string;
}

/** A value of a step that later arguments took. */
export interface ForwardUse {
  /** Where it stands in the step, as of an origin. */
  readonly place: OriginPlace;
  readonly value: string;
  readonly usedBy: readonly LaterUse[];
  /** How many uses there are beyond those in `usedBy`. */
  readonly more: number;
}

/** A later argument that took a value. */
export interface LaterUse {
  readonly step: number;
  /** JSON pointer into that step. */
  readonly pointer: string;
  /** `as it stands`, or how it was derived. */
  readonly how: string;
  readonly derivation?: string;
}

/** The later uses of the values of a step. */
export interface ForwardUses {
  readonly uses: readonly ForwardUse[];
  /** One past the last step whose arguments were looked at. */
  readonly lookedTo: number;
}
