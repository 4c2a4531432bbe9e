import { latencyOf } from '../core/cohort/latency.ts';
import type { RunMetrics } from '../core/cohort/runMetrics.ts';
import { durationText, usd } from '../core/evaluators/shared/say.ts';
import { plural } from './text.ts';

/** What was counted in a run, in one line; what the trace does not record is not said. */
export function metricsLine(metrics: RunMetrics): string {
  const { actions, knownOutcomes, failedCalls, comparedActions, repeatedActions, tokens, cost, feedback } = metrics;
  return [
    plural(actions, 'action'),
    knownOutcomes > 0 ? `${failedCalls} of ${knownOutcomes} failed` : undefined,
    failedCalls > 0 ? (metrics.repair === undefined ? 'no repair' : `first repair: ${metrics.repair}`) : undefined,
    comparedActions > 0 ? `${repeatedActions} repeated` : undefined,
    latencyText(metrics.latencies),
    tokens === undefined ? undefined : `${tokens.toLocaleString('en-US')} tokens`,
    cost === undefined ? undefined : `${metrics.costIsAtLeast ? 'at least ' : ''}${usd(cost)}`,
    feedback === undefined ? undefined : `${feedback.negative} of ${plural(feedback.turns, 'turn')} disliked`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** `p99 action latency 1.2 s (n = 512)`; with fewer than 100 durations the slowest. Undefined without any. */
export function latencyText(durations: readonly number[]): string | undefined {
  const latency = latencyOf(durations);
  if (latency === undefined) return undefined;
  const { n, slowest, p99 } = latency;
  return p99 === undefined
    ? `slowest action ${durationText(slowest)} (n = ${n})`
    : `p99 action latency ${durationText(p99.value)} (n = ${n})`;
}
