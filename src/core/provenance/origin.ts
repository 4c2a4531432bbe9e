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
  /** How it was derived: "without currency sign", "sum of 3 numbers". */
  readonly how?: string;
  /** Earliest first. A place with role `agent` alone grounds nothing: the agent only repeats itself. */
  readonly sources: readonly OriginPlace[];
  /** Nearest earlier value when it came from nowhere: "#W2378156 at step 3". */
  readonly nearest?: OriginPlace;
}

export interface OriginPlace {
  readonly step: number;
  /** JSON pointer into that step. */
  readonly pointer: string;
  readonly role: 'user' | 'system' | 'observation' | 'agent';
  /** At most 120 characters around the value. */
  readonly excerpt: string;
}
