import type { Action, ByteRange, Outcome, Problem, Run, Target } from '../../trace/model.ts';
import { asArray, asFilledText, asText, at, field, isObject, type Json } from '../../util/json.ts';
import type { StepBody } from '../format.ts';
import { readArguments } from '../shared/readArguments.ts';
import { StepList } from '../shared/steps/stepList.ts';
import type { Story } from '../shared/steps/storyReader.ts';
import { outcomeOfEvaluation } from './otherLogs.ts';

/**
 * A task of the Large Action Model's `dataflow`: a task plan made concrete (`instantiated_plan`); after it was executed,
 * each step says whether it succeeded, and a judge whether the whole did.
 */
export class PlanStory implements Story {
  private readonly steps = new StepList();

  take(record: Json, range: ByteRange): Problem | undefined {
    const step = field(record, 'Step');
    const id = typeof step === 'number' || typeof step === 'string' ? `step-${step}` : undefined;
    const body = planBody(undefined, [record]);
    const kind = body.actions.length > 0 ? 'action' : 'plan';
    this.steps.add({ kind, body, range, ...(id !== undefined && { id }) });
    return undefined;
  }

  run(about: Json | undefined, number: number): Run {
    const end = this.steps.end();
    const prefill = at(about, 'instantiation_result', 'prefill', 'result');
    const original = asFilledText(at(about, 'original', 'original_task'));
    const goal = asFilledText(field(prefill, 'instantiated_request')) ?? original;
    const app = asFilledText(field(about, 'app'));
    const id = field(about, 'unique_id');
    const plan = asArray(at(about, 'original', 'original_steps')).filter((line) => typeof line === 'string');
    const outcome = outcomeOf(about);
    return {
      ...end,
      id: typeof id === 'string' || typeof id === 'number' ? `task-${id}` : `task-${number}`,
      title: original?.slice(0, 80) ?? `Task ${number}`,
      ...(goal !== undefined && { goal: goal.slice(0, 4000) }),
      ...(plan.length > 0 && { systemPrompt: `Original steps:\n${plan.join('\n')}` }),
      ...(outcome !== undefined && { outcome }),
      cohort: { agent: 'UFO', ...(app !== undefined && { app }) },
      ended: 'unknown',
    };
  }
}

function outcomeOf(about: Json | undefined): Outcome | undefined {
  const error = at(about, 'execution_result', 'error');
  if (isObject(error)) {
    const type = asText(field(error, 'type')) ?? 'error';
    return { status: 'failed', reason: `${type}: ${(asText(field(error, 'message')) ?? '').slice(0, 300)}` };
  }
  return outcomeOfEvaluation(at(about, 'execution_result', 'result')) ?? judged(about);
}

/** Before the execution only the plan was judged. */
function judged(about: Json | undefined): Outcome | undefined {
  const judge = at(about, 'instantiation_result', 'instantiation_evaluation', 'result', 'judge');
  return typeof judge !== 'boolean'
    ? undefined
    : {
        status: 'unknown',
        reason: `the plan was judged ${judge ? 'executable' : 'not executable'}; it was not executed`,
      };
}

export function planBody(_row: unknown, [record]: readonly Json[]): StepBody {
  const thought = asFilledText(field(record, 'Subtask'));
  const tool = asFilledText(field(record, 'Function'));
  const success = field(record, 'Success');
  const target = targetOf(record);
  const around = thought === undefined ? {} : { thought };
  if (tool === undefined) return { ...around, actions: [] };
  const action: Action = {
    tool,
    ...readArguments(field(record, 'Args') ?? {}),
    ...(target !== undefined && { target }),
    ...(typeof success === 'boolean' && {
      observation: { content: [], isError: !success, errorSource: 'flag' as const },
    }),
  };
  return { ...around, actions: [action] };
}

/** The control that was planned, and the one that was found when it was executed. */
function targetOf(record: Json | undefined): Target | undefined {
  const planned = asFilledText(field(record, 'ControlText'));
  const matched = asFilledText(field(record, 'MatchedControlText'));
  const name = planned ?? matched;
  const isOther = matched !== undefined && matched.trim().toLowerCase() !== name?.trim().toLowerCase();
  const label = field(record, 'ControlLabel');
  const number = typeof label === 'string' || typeof label === 'number' ? String(label) : '';
  const element = [name, number === '' ? undefined : `[${number}]`].filter((part) => part !== undefined).join(' ');
  return element === '' ? undefined : { element, ...(isOther && { found: matched }) };
}
