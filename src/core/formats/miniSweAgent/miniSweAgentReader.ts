import type { Neighbours } from '../../source/byteSource.ts';
import type { RecordPlace } from '../../source/layout.ts';
import type { ContentPart, Outcome, Problem, Run, StepRow } from '../../trace/model.ts';
import { asFilledText, asNumber, at, field, isObject, type Json } from '../../util/json.ts';
import type { Cells, Envelope, Outline, Reader, StepBody } from '../format.ts';
import { chatBody } from '../shared/chat/chatBody.ts';
import type { ChatStyle } from '../shared/chat/chatMessage.ts';
import { Conversation } from '../shared/chat/conversation.ts';
import { messageColumns, messageOfCells } from '../shared/chat/messageColumns.ts';
import { joinReport } from '../shared/joinReport.ts';
import { toolDeclarations } from '../shared/toolDeclarations.ts';

export class MiniSweAgentReader implements Reader {
  readonly layout;
  readonly columns;
  private readonly style: ChatStyle;
  private readonly messages: Conversation;

  /** `bare`: the document is the list of messages. `inText`: commands stand as bash blocks in the text. */
  constructor(bare: boolean, inText: boolean) {
    this.style = inText ? { inlineCalls: 'bash-blocks' } : {};
    this.messages = new Conversation(this.style);
    const path = bare ? ['*'] : ['messages', '*'];
    this.layout = { encoding: 'json' as const, records: [{ name: 'message', path }] };
    this.columns = { message: messageColumns(inText) };
  }

  record(place: RecordPlace, cells: Cells): Problem | undefined {
    return this.messages.add(messageOfCells(cells), { source: 0, start: place.start, end: place.end });
  }

  outline(envelopes: readonly Envelope[]): Outline {
    return { runs: [runOf(this.messages, envelopes[0]?.value)], problems: [], metadata: 0 };
  }

  body(_row: StepRow, parts: readonly Json[]): StepBody {
    const body = chatBody(parts, this.style);
    const [first] = parts;
    return field(first, 'role') === 'exit' ? { ...body, ...exitBody(first, body) } : body;
  }

  join(outline: Outline, neighbours: Neighbours): Promise<Outline> {
    return joinReport(outline, neighbours, (run) => run.id);
  }
}

function runOf(messages: Conversation, document: Json | undefined): Run {
  const { model: answering, cost: summed, ...end } = messages.end();
  const info = field(document, 'info');
  const id = asFilledText(field(document, 'instance_id'));
  const model = asFilledText(at(info, 'config', 'model', 'model_name')) ?? answering;
  const cost = asNumber(at(info, 'model_stats', 'instance_cost')) ?? summed;
  const version = asFilledText(field(info, 'mini_version'));
  const tools = toolDeclarations(at(info, 'config', 'model', 'tools'));
  const status = asFilledText(field(info, 'exit_status'));
  return {
    ...end,
    id: id ?? 'run',
    title: id ?? 'mini-swe-agent run',
    agent: 'mini-swe-agent',
    ...(model !== undefined && { model }),
    ...(tools !== undefined && { tools }),
    ...(cost !== undefined && { cost }),
    outcome: outcomeOf(info, status),
    cohort: {
      agent: 'mini-swe-agent',
      ...(model !== undefined && { model }),
      ...(version !== undefined && { version }),
    },
    ended: status === undefined && submits(end.steps.at(-1)) ? 'final-answer' : endedOf(status),
  };
}

/** The words by which the agent hands in its work. Source: mini-swe-agent `src/minisweagent/environments/local.py`. */
const SUBMISSION = /COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT|MINI_SWE_AGENT_FINAL_OUTPUT/;

function submits(step: StepRow | undefined): boolean {
  return step?.kind === 'action' && SUBMISSION.test(step.preview);
}

/** A submission is not a solution; an exit without one can't be. */
function outcomeOf(info: Json | undefined, status: string | undefined): Outcome {
  if (status === undefined) return { status: 'unknown' };
  const exception = asFilledText(field(info, 'exception_str'));
  const reason = exception === undefined ? status : `${status}: ${exception.slice(0, 300)}`;
  const submitted = status === 'Submitted' || asFilledText(field(info, 'submission')) !== undefined;
  return { status: submitted ? 'unknown' : 'failed', reason };
}

function endedOf(status: string | undefined): NonNullable<Run['ended']> {
  if (status === undefined) return 'unknown';
  if (status === 'Submitted') return 'final-answer';
  if (/Limit|TimeExceeded/.test(status)) return 'limit';
  return /Interrupt/.test(status) ? 'interrupted' : 'crash';
}

/** How a run died: the exception with its traceback, which the message itself doesn't hold. */
function exitBody(record: Json | undefined, body: StepBody): Partial<StepBody> {
  const extra = field(record, 'extra');
  const traceback = asFilledText(field(extra, 'traceback'));
  const shown: ContentPart[] = traceback === undefined ? [] : [{ type: 'text', text: traceback }];
  return { message: [...(body.message ?? []), ...shown], ...(isObject(extra) && { extra }) };
}
