import type { Conclusion, Observer } from '../evaluator.ts';
import { notApplicable } from './conclude.ts';

/** What evaluators that compare answer when there is nothing to compare with. */
export class NoReference implements Observer {
  step(): void {}

  finish(): Conclusion {
    return notApplicable(
      'There is no reference: the trace does not say which calls should have been made, and none was given.',
    );
  }
}
