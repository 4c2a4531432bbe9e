import type { Outcome, Run, StepRow } from '../../trace/model.ts';
import { asFilledText, asNumber, at, field, type Json, tryParse } from '../../util/json.ts';
import type { HistoryMessage } from './matchHistory.ts';

const MAX_GOAL = 4000;

/** The run of a trajectory file; a file holds one. */
export function sweRun(
  steps: readonly StepRow[],
  opening: readonly HistoryMessage[],
  document: Json | undefined,
  fileName: string,
): Run {
  const info = field(document, 'info');
  const recorded = field(document, 'replay_config');
  const config = typeof recorded === 'string' ? tryParse(recorded) : recorded;
  const goalStep = opening.findIndex((message) => message.role !== 'system');
  const goal = opening[goalStep]?.text.slice(0, MAX_GOAL);
  const systemPrompt = opening.find((message) => message.role === 'system')?.text;
  const model = asFilledText(at(config, 'agent', 'model', 'name'));
  const version = asFilledText(field(info, 'swe_agent_version'));
  const id = instanceOf(document, config, fileName);
  const status = asFilledText(field(info, 'exit_status'));
  const inputTokens = asNumber(at(info, 'model_stats', 'tokens_sent'));
  const outputTokens = asNumber(at(info, 'model_stats', 'tokens_received'));
  const cost = asNumber(at(info, 'model_stats', 'instance_cost'));
  return {
    id,
    title: id,
    ...(goal !== undefined && { goal, goalStep }),
    agent: 'SWE-agent',
    ...(model !== undefined && { model }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    steps,
    outcome: outcomeOf(info, status),
    ...((inputTokens ?? outputTokens) && {
      usage: {
        ...(inputTokens !== undefined && { inputTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
      },
    }),
    ...(cost !== undefined && { cost }),
    cohort: {
      agent: 'SWE-agent',
      ...(model !== undefined && { model }),
      ...(version !== undefined && { version }),
    },
    ended: endedOf(status),
  };
}

/** The task's id: in newer files the problem's or the environment's, else the file's name (older ones say `swe_main`). */
function instanceOf(document: Json | undefined, config: Json | undefined, fileName: string): string {
  const environment = asFilledText(field(document, 'environment'));
  const generic = environment === undefined || /^(?:main|swe_main)$/.test(environment);
  const problem = asFilledText(at(config, 'problem_statement', 'id'));
  const fromName = fileName.replace(/^.*[\\/]/, '').replace(/\.traj(?:\.json)?$/, '');
  return problem ?? (generic ? fromName : environment);
}

/** A submitted patch is not a solved task; a run without one can't have solved it. */
function outcomeOf(info: Json | undefined, status: string | undefined): Outcome {
  const submitted = status?.startsWith('submitted') === true || asFilledText(field(info, 'submission')) !== undefined;
  if (status === undefined) return { status: 'unknown' };
  return { status: submitted ? 'unknown' : 'failed', reason: status };
}

function endedOf(status: string | undefined): NonNullable<Run['ended']> {
  if (status === undefined) return 'unknown';
  if (status === 'submitted') return 'final-answer';
  // `submitted (exit_cost)`: the harness handed in what there was.
  if (/cost|context|limit|max_|total_execution_time|timeout/.test(status)) return 'limit';
  if (/forfeit|early_exit|skipped/.test(status)) return 'interrupted';
  return /error|exit_format|exit_api|exit_environment|crash/.test(status) ? 'crash' : 'unknown';
}
