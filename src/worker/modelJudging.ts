import type { Verdict } from '../core/evaluators/verdict.ts';
import { questionsOf } from '../core/judge/slices.ts';
import { endpointClient } from '../node/judgement/judge/lazyEndpoint.ts';
import type { JudgeOptions } from '../node/judgement/judgeRun.ts';
import { secretlintDetector } from '../node/regression/secretDetector.ts';
import type { Handlers } from '../protocol/rpc.ts';
import type { Progress, TraceService } from '../protocol/traceService.ts';
import type { Asked } from './asked.ts';
import { throttled } from './throttled.ts';

type Methods = Pick<Handlers<TraceService>, 'judgeQuestions' | 'endpointModel' | 'askEndpoint'>;

/**
 * What the host needs to have a run judged by a model. An endpoint is asked from here: in a thread of its own no setting of the
 * editor sends what is meant for this computer through a proxy.
 */
export function modelJudging(
  asked: (run: string, signal: AbortSignal) => Asked,
  policy: () => Promise<JudgeOptions['policy']>,
  onProgress: (progress: Progress) => void,
): Methods {
  return {
    judgeQuestions: async ({ run: id }, signal) => {
      const { trace, run, evaluation } = asked(id, signal);
      const { verdicts } = await evaluation();
      const known = await policy();
      const report = throttled(onProgress);
      return questionsOf(trace, run, {
        verdicts,
        detect: secretlintDetector,
        signal,
        ...(known && { policy: known }),
        onProgress: (done, total) => report({ task: 'judge', done, total, unit: 'steps' }),
      });
    },
    endpointModel: async ({ endpoint, model }, signal) => (await endpointClient()).modelAt(endpoint, model, signal),
    askEndpoint: async ({ endpoint, model, question }, signal) =>
      (await endpointClient()).askEndpoint(endpoint, model, question, signal),
  };
}

/** What models found, by run, until the trace changes. It is judged along with everything else. */
export class ModelVerdicts {
  private readonly byRun = new Map<string, readonly Verdict[]>();

  add(run: string, verdicts: readonly Verdict[]): void {
    this.byRun.set(run, verdicts);
  }

  clear(): void {
    this.byRun.clear();
  }

  of(run: string): readonly Verdict[] {
    return this.byRun.get(run) ?? [];
  }
}
