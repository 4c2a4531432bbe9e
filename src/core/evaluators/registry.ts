import { abnormalEnd } from './abnormalEnd.ts';
import { actionAfterStop } from './actionAfterStop.ts';
import { argsUngrounded } from './argsUngrounded.ts';
import { confidentFailure } from './confidentFailure.ts';
import { cycle } from './cycle.ts';
import type { Evaluator } from './evaluator.ts';
import { observationMissing } from './observationMissing.ts';
import { repairLoop } from './repairLoop.ts';
import { repeatedAction } from './repeatedAction.ts';
import { toolFailed } from './toolFailed.ts';
import { toolSuccessRate } from './toolSuccessRate.ts';
import { toolTimeout } from './toolTimeout.ts';

/** Every evaluator, in the order in which people read the verdicts. A new one is one file with its test, and one line here. */
export const EVALUATORS: readonly Evaluator[] = [
  argsUngrounded,
  toolFailed,
  toolTimeout,
  observationMissing,
  repeatedAction,
  repairLoop,
  cycle,
  actionAfterStop,
  confidentFailure,
  abnormalEnd,
  toolSuccessRate,
];
