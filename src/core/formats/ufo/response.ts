import type {
  Action,
  Approval,
  ByteRange,
  ContentPart,
  Observation,
  Problem,
  Run,
  StepKind,
  Target,
} from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import { asArray, asFilledText, asNumber, field, isObject, type Json, type JsonObject } from '../../util/json.ts';
import { jsonText } from '../../util/jsonText.ts';
import type { StepBody } from '../format.ts';
import { errorInText } from '../shared/errorText.ts';
import { observationParts } from '../shared/observationPart.ts';
import { readArguments } from '../shared/readArguments.ts';
import { StepList } from '../shared/steps/stepList.ts';
import type { Story } from '../shared/steps/storyReader.ts';

/** The value under a name of either generation: `ControlLabel` (1.x, 2.0) or `control_label` (3). */
function named(record: Json | undefined, ...names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = field(record, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The lines of a `response.log`: one step of the HostAgent or of an AppAgent each. */
export class ResponseStory implements Story {
  private readonly steps = new StepList();
  private request: string | undefined;
  private status: string | undefined;
  private round: string | undefined;

  take(record: Json, range: ByteRange): Problem | undefined {
    // The last lines may hold only what the session took.
    if (!isStep(record)) return undefined;
    const body = responseBody(undefined, [record]);
    const status = asFilledText(named(record, 'Status', 'status'))?.toUpperCase();
    const agent = asFilledText(named(record, 'AgentName', 'agent_name', 'AgentType', 'agent_type', 'Agent', 'agent'));
    const round = named(record, 'Round', 'round_num');
    const step = named(record, 'Step', 'step', 'session_step');
    const cost = asNumber(named(record, 'Cost', 'cost'));
    const label = labelOf(record, round, this.round);
    this.round = round === undefined ? this.round : String(round);
    this.request ??= asFilledText(named(record, 'Request', 'request'));
    this.status = status ?? this.status;
    this.steps.add({
      kind: kindOf(body, status),
      body,
      range,
      failed: status === 'FAIL' || status === 'ERROR',
      ...(step !== undefined && { id: `step-${String(step)}` }),
      ...(label !== undefined && { label }),
      ...(agent !== undefined && { agent }),
      ...(cost !== undefined && { cost }),
    });
    return undefined;
  }

  run(): Run {
    const end = this.steps.end();
    const apps = end.steps.flatMap(({ agent }) => agent ?? []);
    return {
      ...end,
      id: 'session',
      title: this.request?.slice(0, 80) ?? 'UFO session',
      ...(this.request !== undefined && { goal: this.request.slice(0, 4000) }),
      agent: 'UFO',
      cohort: { agent: 'UFO', ...(apps[1] !== undefined && { application: apps[1] }) },
      ...(this.status !== undefined && {
        outcome: { status: this.status === 'FAIL' ? 'failed' : 'unknown', reason: this.status },
      }),
      ended:
        this.status === 'FINISH'
          ? 'final-answer'
          : this.status === 'PENDING'
            ? 'escalated'
            : this.status === 'FAIL'
              ? 'crash'
              : 'unknown',
    };
  }
}

function isStep(record: Json): boolean {
  return (
    named(record, 'Thought', 'thought', 'Status', 'status', 'Action', 'action', 'Function', 'function') !== undefined
  );
}

function kindOf(body: StepBody, status: string | undefined): StepKind {
  if (body.actions.length > 0) return 'action';
  return status === 'FINISH' ? 'final' : status === 'PENDING' || status === 'CONFIRM' ? 'approval' : 'plan';
}

function labelOf(record: Json, round: Json | undefined, before: string | undefined): string | undefined {
  const subtask = asFilledText(named(record, 'Subtask', 'subtask', 'current_subtask'));
  const next = round !== undefined && before !== undefined && String(round) !== before;
  const words = [next ? `round ${Number(round) + 1}` : undefined, subtask?.slice(0, 80)].filter(
    (word) => word !== undefined,
  );
  return words.length === 0 ? undefined : words.join(': ');
}

/** A line of `response.log`, perhaps with the line of `request.log` of the same step. */
export function responseBody(_row: unknown, parts: readonly Json[]): StepBody {
  const record = parts.find((part) => field(part, 'prompt') === undefined) ?? null;
  const request = parts.map((part) => field(part, 'prompt')).find((prompt) => prompt !== undefined);
  const said = asFilledText(named(record, 'Comment', 'comment'));
  const asked = asArray(named(record, 'Questions', 'questions')).filter((one) => typeof one === 'string');
  const message: ContentPart[] = [said, ...asked].flatMap((text) =>
    text === undefined || text === '' ? [] : [{ type: 'text', text: String(text) }],
  );
  const screen = screenOf(record);
  const seen = asFilledText(named(record, 'Observation', 'observation'));
  const approval = approvalOf(record);
  const thought = [
    seen === undefined ? undefined : `Observation: ${seen}`,
    asFilledText(named(record, 'Thought', 'thought')),
    planText(named(record, 'Plan', 'plan')),
  ].filter((text) => text !== undefined);
  return {
    ...(thought.length > 0 && { thought: thought.join('\n\n') }),
    ...(message.length > 0 && { message }),
    actions: actionsOf(record),
    ...(approval !== undefined && { approval }),
    ...(screen !== undefined && { screen }),
    ...(request !== undefined && { request }),
  };
}

/** In the state CONFIRM a sensitive action waits for the user, whose answer stands beside it where it is recorded. */
function approvalOf(record: Json): Approval | undefined {
  const answer = asFilledText(named(record, 'UserConfirm', 'user_confirm'))?.trim();
  if (answer !== undefined && /^(?:y|yes|true)$/i.test(answer)) return { decision: 'approved', by: 'user' };
  if (answer !== undefined && /^(?:n|no|false)$/i.test(answer)) return { decision: 'rejected', by: 'user' };
  return /^confirm$/i.test(asFilledText(named(record, 'Status', 'status')) ?? '')
    ? { decision: 'requested' }
    : undefined;
}

function planText(plan: Json | undefined): string | undefined {
  const lines = Array.isArray(plan)
    ? plan.map(String).filter((line) => line !== '')
    : [asFilledText(plan)].flatMap((line) => line ?? []);
  return lines.length === 0 ? undefined : `Plan:\n${lines.join('\n')}`;
}

/** `Function` and `Args` of the step, a text that calls a function (`Action`), or a list of actions with their results. */
function actionsOf(record: Json): Action[] {
  const own = named(record, 'Action', 'action');
  const listed = Array.isArray(own) ? own.filter(isObject) : isObject(own) ? [own] : [];
  const result = named(record, 'Results', 'results', 'Result', 'result');
  if (listed.length > 0) {
    return listed.flatMap((action) => actionOf(action, record, listed.length === 1 ? result : undefined) ?? []);
  }
  const direct = actionOf(isObject(record) ? record : {}, record, result);
  if (direct !== undefined) return [direct];
  const text = asFilledText(own);
  const tool = text === undefined ? undefined : /^\s*([\w.]+)\s*\(/.exec(text)?.[1];
  if (tool === undefined || text === undefined) return [];
  return [
    withResult(
      { tool, arguments: {}, rawArguments: text, argumentsRecorded: true, ...targeted(record, record) },
      result,
    ),
  ];
}

function actionOf(action: JsonObject, record: Json, stepResult: Json | undefined): Action | undefined {
  const text = asFilledText(named(action, 'action_string'));
  const tool =
    asFilledText(named(action, 'Function', 'function')) ??
    (text === undefined ? undefined : /^\s*([\w.]+)/.exec(text)?.[1]);
  if (tool === undefined) return undefined;
  const args = named(action, 'Args', 'args', 'arguments', 'Arguments');
  const result =
    action === record ? stepResult : (named(action, 'Results', 'results', 'result', 'Result') ?? stepResult);
  const failure = named(action, 'Error', 'error');
  const read = readArguments(args ?? (text === undefined ? {} : null));
  return withResult(
    {
      tool,
      ...read,
      ...(text !== undefined && args === undefined && { rawArguments: text, argumentsRecorded: true }),
      ...targeted(action, record),
    },
    failure === undefined ? result : { error: failure, result: result ?? null },
  );
}

function targeted(action: Json, record: Json): { target?: Target } {
  const name =
    asFilledText(named(action, 'ControlText', 'control_text')) ??
    asFilledText(named(record, 'ControlText', 'control_text'));
  const label = named(action, 'ControlLabel', 'control_label') ?? named(record, 'ControlLabel', 'control_label');
  const number = typeof label === 'string' || typeof label === 'number' ? String(label) : '';
  const element = [name, number === '' ? undefined : `[${number}]`].filter((part) => part !== undefined).join(' ');
  const role = asFilledText(named(action, 'ControlType', 'control_type'));
  return element === '' ? {} : { target: { element, ...(role !== undefined && { role }) } };
}

function withResult(action: Action, result: Json | undefined): Action {
  return result === undefined ? action : { ...action, observation: observationOf(result) };
}

/** A text, or `{status, result, error}`, or a list of these. */
function observationOf(result: Json): Observation {
  const list = Array.isArray(result) ? result : [result];
  const errors = list.flatMap((one) => {
    const error = field(one, 'error');
    return error === undefined || error === null || error === ''
      ? []
      : [typeof error === 'string' ? error : jsonText(error)];
  });
  const states = list.map((one) => asFilledText(field(one, 'status'))?.toLowerCase());
  const shown = list.flatMap((one) =>
    observationParts(isObject(one) && ('status' in one || 'error' in one) ? (one.result ?? null) : one),
  );
  const content = [...errors.flatMap((error) => observationParts(error)), ...shown];
  const failed =
    errors.length > 0 || states.some((state) => state === 'failure' || state === 'failed' || state === 'error');
  if (failed) return { content, isError: true, errorSource: 'flag' };
  if (states.every((state) => state === 'success')) return { content, isError: false, errorSource: 'flag' };
  const seen = errorInText(partsText(content));
  return seen === undefined
    ? { content }
    : { content, isError: true, errorSource: 'text', ...(seen.type !== undefined && { errorType: seen.type }) };
}

/** Screenshots stand beside the log, whatever folder the path in it names. */
function screenOf(record: Json): ContentPart | undefined {
  const path = asFilledText(
    named(
      record,
      ...['AnnotatedScreenshot', 'screenshot_annotated', 'annotated_screenshot_path'],
      ...['CleanScreenshot', 'screenshot_clean', 'clean_screenshot_path'],
      ...['ConcatScreenshot', 'screenshot_concat', 'concat_screenshot_path'],
    ),
  );
  const name = path?.split(/[\\/]/).at(-1);
  return name === undefined || name === '' ? undefined : { type: 'image', mediaType: 'image/png', path: name };
}
