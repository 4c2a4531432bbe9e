import type { AskedModel } from '../../core/judge/conclude.ts';
import type { SettleOptions } from '../../node/judgement/judge/settleAll.ts';

/** A model that the person has chosen, and how it is asked. */
export interface ModelToAsk {
  readonly model: AskedModel;
  /** Its name and where it is, to end a sentence: `tiny at 127.0.0.1:11434`. */
  readonly where: string;
  readonly ask: NonNullable<SettleOptions['ask']>;
}
