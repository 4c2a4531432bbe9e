import type { Policy } from '../../../core/evaluators/policy/policy.ts';
import type { Verdict } from '../../../core/evaluators/verdict.ts';
import { type AskedModel, verdictsOf } from '../../../core/judge/conclude.ts';
import { RUBRICS } from '../../../core/judge/rubrics.ts';
import { questionsOf } from '../../../core/judge/slices.ts';
import type { ModelJudgeSettings } from '../../../protocol/judgementSettings.ts';
import { secretlintDetector } from '../../regression/secretDetector.ts';
import type { ExtraJudge } from '../judgeRun.ts';
import { AnswerCache } from './answerCache.ts';
import { endpointClient } from './lazyEndpoint.ts';
import { PARAMS } from './params.ts';
import { type SettleOptions, settleAll } from './settleAll.ts';

export type { ModelJudgeSettings };

/** A model as one of those who judge a run, by an endpoint or by its kept answers alone. Off unless the person asks for it. */
export function modelJudge(settings: ModelJudgeSettings, policy: Policy | undefined): ExtraJudge {
  const cache = settings.cacheFolder === undefined ? undefined : new AnswerCache(settings.cacheFolder);
  let found: Promise<Found> | undefined;
  return async (trace, run, verdicts, signal) => {
    found ??= findModel(settings, cache, signal);
    const model = await found;
    if (model.status !== 'found') return nobodyAsked(model.status, model.reason);
    const asked = await questionsOf(trace, run, {
      verdicts,
      detect: secretlintDetector,
      ...(policy && { policy }),
      ...(signal && { signal }),
    });
    const settled = await settleAll(asked.questions, {
      ...model.options,
      ...(cache && { cache }),
      ...(signal && { signal }),
    });
    return verdictsOf(asked, settled, model.options.model);
  };
}

/** The model as verdicts name it. */
export function askedModel(model: string, version: string | undefined, host: string): AskedModel {
  return { model, ...(version !== undefined && { version }), host, params: PARAMS };
}

type Found =
  | { readonly status: 'found'; readonly options: Pick<SettleOptions, 'model' | 'ask'> }
  | { readonly status: 'na' | 'error'; readonly reason: string };

async function findModel(
  { endpoint, model: wanted }: ModelJudgeSettings,
  cache: AnswerCache | undefined,
  signal: AbortSignal | undefined,
): Promise<Found> {
  if (endpoint === undefined) {
    const model = await cache?.lastModel(wanted);
    if (model !== undefined) return { status: 'found', options: { model } };
    const whose = wanted === undefined ? 'any model' : wanted;
    return { status: 'na', reason: `The cache has no answers of ${whose}, and only the cache may be used.` };
  }
  const { modelAt, askEndpoint } = await endpointClient();
  const at = { url: endpoint };
  const found = await modelAt(at, wanted, signal);
  if (!found.ok) return { status: 'error', reason: found.error };
  const model = askedModel(found.value.model, found.value.version, new URL(endpoint).host);
  await cache?.noteModel(model);
  return {
    status: 'found',
    options: {
      model,
      ask: ({ system, user }, labels, signal) => askEndpoint(at, model.model, { system, user, labels }, signal),
    },
  };
}

function nobodyAsked(status: 'na' | 'error', reason: string): Verdict[] {
  return RUBRICS.map(({ id, title }) => ({ evaluator: id, title, status, score: null, reason, findings: [] }));
}
