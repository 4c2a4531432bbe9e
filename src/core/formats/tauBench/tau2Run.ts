import type { ExpectedAction, Run } from '../../trace/model.ts';
import { asArray, asFilledText, asNumber, asText, at, field, isObject, type Json } from '../../util/json.ts';
import type { Conversation } from '../shared/chat/conversation.ts';
import { readTime } from '../shared/readTime.ts';
import { toolDeclarations } from '../shared/toolDeclarations.ts';
import { outcomeOfReward } from './outcomeOfReward.ts';

/** A run of tau2-bench: one simulation, with what the document around it says of the agent, the domain and the task. */
export function tau2Run(
  messages: Conversation,
  simulation: Json | undefined,
  document: Json | undefined,
  position: number,
): Run {
  const reason = asFilledText(field(simulation, 'termination_reason'));
  const { model: saidModel, cost: saidCost, startTime, endTime, ...end } = messages.end(howEnded(reason));
  const task = String(field(simulation, 'task_id') ?? position);
  const trial = asNumber(field(simulation, 'trial')) ?? 0;
  const info = field(document, 'info');
  const model = asFilledText(at(info, 'agent_info', 'llm')) ?? saidModel;
  const agent = asFilledText(at(info, 'agent_info', 'implementation'));
  const domain = asFilledText(at(info, 'environment_info', 'domain_name'));
  const userModel = asFilledText(at(info, 'user_info', 'llm'));
  const policy = asFilledText(field(simulation, 'policy')) ?? asFilledText(at(info, 'environment_info', 'policy'));
  const tools = toolDeclarations(at(info, 'environment_info', 'tool_defs'));
  // An agent cost of null says that it is not known; messages then carry it in part at most.
  const total = field(simulation, 'agent_cost');
  const cost = total === undefined ? saidCost : asNumber(total);
  const times = {
    start: readTime(field(simulation, 'start_time')) ?? startTime,
    end: readTime(field(simulation, 'end_time')) ?? endTime,
  };
  const about = taskOf(document, task);
  const scenario = at(about, 'user_scenario', 'instructions');
  const instruction = asFilledText(field(scenario, 'reason_for_call')) ?? asText(scenario);
  const expectedActions = expectedOf(at(about, 'evaluation_criteria', 'actions'));
  return {
    ...end,
    id: asFilledText(field(simulation, 'id')) ?? `task-${task}/trial-${trial}`,
    title: `Task ${task}, trial ${trial}`,
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(policy !== undefined && { systemPrompt: policy }),
    ...(tools !== undefined && { tools }),
    outcome: outcomeOfReward(asNumber(at(simulation, 'reward_info', 'reward')), failedChecks(simulation) ?? reason),
    ...(expectedActions !== undefined && { expectedActions }),
    ...(cost !== undefined && { cost }),
    ...(times.start !== undefined && { startTime: times.start }),
    ...(times.end !== undefined && { endTime: times.end }),
    cohort: {
      task,
      trial: String(trial),
      ...(model !== undefined && { model }),
      ...(agent !== undefined && { agent }),
      ...(domain !== undefined && { domain }),
      ...(userModel !== undefined && { 'user model': userModel }),
      ...(instruction !== undefined && { 'user instruction': instruction }),
    },
    ended: endedOf(
      reason,
      end.steps.some((step) => step.tools.includes('transfer_to_human_agents')),
    ),
  };
}

function howEnded(reason: string | undefined): 'stopped' | 'cut' | undefined {
  if (reason === 'user_stop') return 'stopped';
  return reason === undefined || reason === 'agent_stop' ? undefined : 'cut';
}

function taskOf(document: Json | undefined, task: string): Json | undefined {
  const tasks = asArray(field(document, 'tasks'));
  return tasks.find((item) => String(field(item, 'id')) === task) ?? field(document, 'task');
}

/** Only the agent's calls are expected of the agent; the user's own are the simulator's business. */
function expectedOf(actions: Json | undefined): ExpectedAction[] | undefined {
  if (!Array.isArray(actions)) return undefined;
  return asArray(actions).flatMap((action) => {
    const tool = asFilledText(field(action, 'name'));
    const args = field(action, 'arguments');
    if (tool === undefined || field(action, 'requestor') === 'user') return [];
    return [{ tool, arguments: isObject(args) ? args : {} }];
  });
}

/** Which parts of the reward are missing: `DB`, `COMMUNICATE`, `ACTION`. */
function failedChecks(simulation: Json | undefined): string | undefined {
  const breakdown = at(simulation, 'reward_info', 'reward_breakdown');
  if (!isObject(breakdown)) return undefined;
  const failed = Object.keys(breakdown).filter((name) => asNumber(breakdown[name]) === 0);
  return failed.length === 0 ? undefined : `no reward for ${failed.join(', ')}`;
}

function endedOf(reason: string | undefined, transferred: boolean): NonNullable<Run['ended']> {
  switch (reason) {
    case 'user_stop':
    case 'agent_stop':
      return transferred ? 'escalated' : 'final-answer';
    case 'max_steps':
    case 'too_many_errors':
    case 'timeout':
      return 'limit';
    case 'agent_error':
    case 'user_error':
    case 'infrastructure_error':
    case 'unexpected_error':
      return 'crash';
    default:
      return 'unknown';
  }
}
