import { abnormalEnd } from './abnormalEnd.ts';
import { actionAfterStop } from './actionAfterStop.ts';
import { actionIncomplete } from './actionIncomplete.ts';
import { argsEmpty } from './argsEmpty.ts';
import { argsInvalid } from './argsInvalid.ts';
import { argsUngrounded } from './argsUngrounded.ts';
import { budget } from './budget.ts';
import { confidentFailure } from './confidentFailure.ts';
import { cycle } from './cycle.ts';
import { duplicateEffect } from './duplicateEffect.ts';
import type { Evaluator } from './evaluator.ts';
import { lamCompleteness } from './lamCompleteness.ts';
import { noRollback } from './noRollback.ts';
import { observationMissing } from './observationMissing.ts';
import { policyBreach } from './policyBreach.ts';
import { refStepAccuracy } from './refStepAccuracy.ts';
import { refToolSelection } from './refToolSelection.ts';
import { refTrajectoryMatch } from './refTrajectoryMatch.ts';
import { repairLoop } from './repairLoop.ts';
import { repeatedAction } from './repeatedAction.ts';
import { staleState } from './staleState.ts';
import { toolFailed } from './toolFailed.ts';
import { toolSuccessRate } from './toolSuccessRate.ts';
import { toolTimeout } from './toolTimeout.ts';
import { toolUndeclared } from './toolUndeclared.ts';
import { unapprovedIrreversible } from './unapprovedIrreversible.ts';

/** Every evaluator, in the order in which people read the verdicts. A new one is one file with its test, and one line here. */
export const EVALUATORS: readonly Evaluator[] = [
  argsEmpty,
  argsInvalid,
  toolUndeclared,
  argsUngrounded,
  toolFailed,
  toolTimeout,
  observationMissing,
  repeatedAction,
  repairLoop,
  cycle,
  actionAfterStop,
  unapprovedIrreversible,
  duplicateEffect,
  policyBreach,
  noRollback,
  confidentFailure,
  abnormalEnd,
  actionIncomplete,
  staleState,
  lamCompleteness,
  refTrajectoryMatch,
  refToolSelection,
  refStepAccuracy,
  toolSuccessRate,
  budget,
];
