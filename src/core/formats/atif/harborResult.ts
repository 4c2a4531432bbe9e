import type { Neighbours } from '../../source/byteSource.ts';
import type { Outcome, Problem, Run } from '../../trace/model.ts';
import { asFilledText, asNumber, at, field, isObject, type Json, type JsonObject, tryParse } from '../../util/json.ts';
import type { Outline } from '../format.ts';
import { readTime } from '../shared/readTime.ts';

const REWARD = '../verifier/reward.txt';
const RESULT = '../result.json';
/** Sidecars are small; a larger file is something else. Bytes. */
const MAX_SIDECAR = 1024 * 1024;

/**
 * Adds what Harbor keeps beside the trajectory of a trial (`<trial>/agent/trajectory.json`): the verifier's reward and
 * the trial's result. Only for a file with one run of its own; the reward of several can't be told apart.
 */
export async function withHarborResult(outline: Outline, neighbours: Neighbours): Promise<Outline> {
  const roots = outline.runs.filter((run) => run.parentRun === undefined);
  const [root] = roots;
  if (root === undefined || roots.length > 1) return outline;
  const [rewardText, resultText] = [await textOf(neighbours, REWARD), await textOf(neighbours, RESULT)];
  const result = trialOf(resultText);
  const problems: Problem[] = [];
  const reward = rewardText === undefined ? undefined : asNumber(rewardText.trim());
  if (rewardText !== undefined && reward === undefined) {
    problems.push({ severity: 'note', message: `${REWARD} holds no number, so it was not used.`, records: 0 });
  }
  const outcome = outcomeOf(reward, result);
  if (outcome === undefined && result === undefined)
    return { ...outline, problems: [...outline.problems, ...problems] };
  const joined = [
    ...(reward === undefined ? [] : [`${REWARD} was joined, because a Harbor trial keeps its reward there.`]),
    ...(result === undefined ? [] : [`${RESULT} was joined, because it is the result of this Harbor trial.`]),
  ];
  return {
    ...outline,
    runs: outline.runs.map((run) => (run === root ? withTrial(run, result, outcome) : run)),
    problems: [...outline.problems, ...problems],
    joined: [...(outline.joined ?? []), ...joined],
  };
}

/** A trial's `result.json`, recognised by its content. */
export function isTrial(value: Json | undefined): value is JsonObject {
  if (!isObject(value) || typeof value.trial_name !== 'string' || typeof value.task_name !== 'string') return false;
  return field(value, 'agent_info') !== undefined || field(value, 'verifier_result') !== undefined;
}

/** A run with what the trial's result says about it. */
export function withTrial(run: Run, result: JsonObject | undefined, outcome: Outcome | undefined): Run {
  const task = asFilledText(field(result, 'task_name'));
  const startTime = run.startTime ?? readTime(at(result, 'agent_execution', 'started_at'));
  const endTime = run.endTime ?? readTime(at(result, 'agent_execution', 'finished_at'));
  const cost = run.cost ?? asNumber(at(result, 'agent_result', 'cost_usd'));
  const timedOut = /timeout/i.test(outcome?.reason ?? '');
  return {
    ...run,
    ...(task !== undefined && { title: task, cohort: { ...run.cohort, task } }),
    ...(outcome !== undefined && { outcome }),
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(cost !== undefined && { cost }),
    ...(timedOut && { ended: 'limit' as const }),
  };
}

/** The trial's outcome: the reward of `reward.txt`, else of the result; 1 passed, 0 failed, between is not told. */
export function outcomeOf(rewardFile: number | undefined, result: JsonObject | undefined): Outcome | undefined {
  const inResult = asNumber(at(result, 'verifier_result', 'rewards', 'reward'));
  const reward = rewardFile ?? inResult;
  const reason = asFilledText(at(result, 'exception_info', 'exception_type'));
  if (reward === undefined && reason === undefined) return undefined;
  return {
    status: reward === undefined || (reward > 0 && reward < 1) ? 'unknown' : reward >= 1 ? 'passed' : 'failed',
    ...(reason !== undefined && { reason }),
    ...(reward !== undefined && { reward }),
    from: rewardFile === undefined ? RESULT : REWARD,
  };
}

function trialOf(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : tryParse(text);
  return isTrial(value) ? value : undefined;
}

async function textOf(neighbours: Neighbours, path: string): Promise<string | undefined> {
  const source = await neighbours.open(path);
  if (source === undefined) return undefined;
  try {
    if (source.size > MAX_SIDECAR) return undefined;
    return new TextDecoder().decode(await source.read(0, source.size));
  } catch {
    return undefined;
  } finally {
    await source.close?.();
  }
}
