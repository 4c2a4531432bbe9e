import { parse as parseTolerant } from 'jsonc-parser';
import type { ByteRange, Problem, StepKind, StepRow, StepRows, Usage } from '../../../trace/model.ts';
import { StepRowsBuilder } from '../../../trace/packedRows.ts';
import { partsText } from '../../../trace/stepText.ts';
import { at, isObject, type Json } from '../../../util/json.ts';
import { previewOfArguments, previewOfText } from '../preview.ts';
import { sumUsage, tokensOf } from '../readUsage.ts';
import { type ChatCall, type ChatMessage, type ChatResult, type ChatStyle, userAnswers } from './chatMessage.ts';
import { answersAnother, pairResult } from './pairResults.ts';
import { readMessage } from './readMessage.ts';
import { readResults } from './readResult.ts';

const MAX_GOAL = 4000;

/** What a conversation amounts to. */
export interface ConversationEnd {
  readonly steps: StepRows;
  readonly goal?: string;
  readonly goalStep?: number;
  readonly systemPrompt?: string;
  readonly model?: string;
  /** Tokens and USD of the assistant's messages. */
  readonly usage?: Usage;
  readonly cost?: number;
  readonly startTime?: number;
  readonly endTime?: number;
}

/** A step in the making: small facts only, so that a long conversation costs little. */
interface Draft {
  readonly id: string;
  readonly kind: StepKind;
  /** The recorded role, where it is not one that is known here. */
  readonly label: string | undefined;
  readonly agent: string | undefined;
  readonly tools: readonly string[];
  readonly preview: string;
  readonly parts: ByteRange[];
  readonly calls: readonly Pick<ChatCall, 'tool' | 'callId'>[];
  readonly answered: boolean[];
  status: StepRow['status'];
  readonly startTime: number | undefined;
  endTime: number | undefined;
  readonly tokens: number | undefined;
  readonly cost: number | undefined;
  /** True for a user's text that only ends the conversation. */
  readonly stop: boolean;
}

/** How many steps stay as they are made, because one of the last may yet turn out to be the last word. */
const OPEN = 256;

/** A user simulator's words for the end (tau-bench); what stands beside them is a farewell. */
const STOP = /###\s*(?:STOP|TRANSFER|OUT-OF-SCOPE)\s*###/;

/**
 * Groups the messages of one conversation into steps: an assistant's message with the results of its calls is one step,
 * every other message is one. Messages come in order and as the cut columns show them.
 */
export class Conversation {
  /** Steps about which nothing can change any more, when there are many. */
  private settled: StepRowsBuilder | undefined;
  /** The steps after these. */
  private drafts: Draft[] = [];
  private isCopy = false;
  /** Steps with calls that have no answer yet. */
  private readonly waiting: Draft[] = [];
  private messages = 0;
  private goal: { text: string; step: number } | undefined;
  private systemPrompt: string | undefined;
  private model: string | undefined;
  private usage: Usage | undefined;
  private startTime: number | undefined;
  private endTime: number | undefined;
  private cost: number | undefined;

  constructor(private readonly style: ChatStyle) {}

  /** Messages taken so far. */
  get size(): number {
    return this.messages;
  }

  /** Takes the next message, as recorded (long texts may be cut). Answers a problem when a result fits no call by its id. */
  add(record: Json, range: ByteRange): Problem | undefined {
    const message = readMessage(record, this.style);
    const position = this.messages++;
    if (this.answersInText(message, record)) return this.assign(readResults(record, this.style), range, message.time);
    if (message.role === 'tool') return this.takeResults(message, range, position);
    this.start(message, range, position, exitOf(message, record));
    // Results beside other content (Anthropic) are the tools' answer too.
    return message.results.length > 0 ? this.assign(message.results, range, message.time) : undefined;
  }

  /** This conversation with one more message at its end; itself stays as it is. */
  with(record: Json, range: ByteRange): Conversation {
    const longer = new Conversation(this.style);
    for (const draft of this.drafts)
      longer.drafts.push({ ...draft, parts: [...draft.parts], answered: [...draft.answered] });
    longer.settled = this.settled;
    longer.isCopy = true;
    longer.usage = this.usage;
    longer.startTime = this.startTime;
    longer.endTime = this.endTime;
    longer.waiting.push(...longer.drafts.filter((draft) => draft.answered.includes(false)));
    longer.messages = this.messages;
    longer.goal = this.goal;
    longer.systemPrompt = this.systemPrompt;
    longer.model = this.model;
    longer.cost = this.cost;
    longer.add(record, range);
    return longer;
  }

  /**
   * The steps. `how`, where the file says it: `stopped` by the user, so that a last user message is only the farewell,
   * or `cut` off by a limit, so that no word is the last. Leaves the conversation as it is: more messages may follow.
   */
  end(how?: 'stopped' | 'cut'): ConversationEnd {
    const final = how === 'cut' ? -1 : this.finalStep(how === 'stopped');
    const before = this.settled?.length ?? 0;
    const rows = this.drafts.map((draft, i) => rowOf(draft, before + i, i === final));
    const { usage, startTime, endTime } = this;
    return {
      steps: this.settled?.with(rows) ?? rows,
      ...(this.goal !== undefined && { goal: this.goal.text, goalStep: this.goal.step }),
      ...(this.systemPrompt !== undefined && { systemPrompt: this.systemPrompt }),
      ...(this.model !== undefined && { model: this.model }),
      ...(usage !== undefined && { usage }),
      ...(this.cost !== undefined && { cost: this.cost }),
      ...(startTime !== undefined && endTime !== undefined && { startTime, endTime }),
    };
  }

  private start(message: ChatMessage, range: ByteRange, position: number, exit?: Pick<Draft, 'kind' | 'status'>): void {
    const text = partsText(message.content);
    const calls = message.calls.map(({ tool, callId }) => ({ tool, ...(callId !== undefined && { callId }) }));
    if (message.role === 'user' && this.goal === undefined && text.trim() !== '') {
      this.goal = { text: text.slice(0, MAX_GOAL), step: (this.settled?.length ?? 0) + this.drafts.length };
    }
    if (message.role === 'system') this.systemPrompt ??= text;
    if (message.role === 'assistant') this.count(message);
    const draft: Draft = {
      id: `message-${position}`,
      kind: exit?.kind ?? kindOf(message),
      label: message.role === 'other' ? message.roleName : undefined,
      agent: message.calls.some((call) => call.requestor === 'user') ? 'user' : message.speaker,
      tools: calls.map((call) => call.tool),
      preview: previewOf(message, text),
      parts: [range],
      calls,
      answered: calls.map(() => false),
      status: exit?.status ?? (calls.length > 0 ? 'unknown' : 'ok'),
      startTime: message.time,
      endTime: message.time,
      tokens: tokensOf(message.usage),
      cost: message.cost,
      stop: message.role === 'user' && STOP.test(text),
    };
    this.drafts.push(draft);
    if (calls.length > 0) this.waiting.push(draft);
    this.noteTime(message.time);
    if (this.drafts.length > 2 * OPEN && !this.isCopy) this.settle();
  }

  /**
   * Packs the oldest steps that have all their answers and after which another step calls: no later message can be about
   * them.
   */
  private settle(): void {
    const firstWaiting = this.waiting[0] === undefined ? this.drafts.length : this.drafts.indexOf(this.waiting[0]);
    const lastCalling = this.drafts.findLastIndex((draft) => draft.calls.length > 0);
    const count = Math.min(firstWaiting, lastCalling < 0 ? this.drafts.length : lastCalling, this.drafts.length - OPEN);
    if (count <= 0) return;
    this.settled ??= new StepRowsBuilder();
    for (const draft of this.drafts.slice(0, count)) this.settled.push(rowOf(draft, this.settled.length, false));
    this.drafts = this.drafts.slice(count);
  }

  private noteTime(time: number | undefined): void {
    if (time === undefined) return;
    this.startTime = Math.min(this.startTime ?? time, time);
    this.endTime = Math.max(this.endTime ?? time, time);
  }

  private count(message: ChatMessage): void {
    this.model ??= message.model;
    if (message.usage !== undefined) this.usage = sumUsage([...(this.usage ? [this.usage] : []), message.usage]);
    if (message.cost !== undefined) this.cost = (this.cost ?? 0) + message.cost;
  }

  /** Text styles answer as the user, right after the action; a submission's answer is the exit message. */
  private answersInText(message: ChatMessage, record: Json): boolean {
    const last = this.drafts.at(-1);
    if (last === undefined || !last.answered.includes(false)) return false;
    if (message.role === 'exit') return isSubmission(record);
    return message.role === 'user' && userAnswers(this.style);
  }

  private takeResults(message: ChatMessage, range: ByteRange, position: number): Problem | undefined {
    const [first] = message.results;
    if (this.waiting.length > 0) return this.assign(message.results, range, message.time);
    this.start({ ...message, role: 'other' }, range, position);
    const draft = this.drafts.at(-1);
    // Without a call there is none to suspect: only what the file itself calls an error is one.
    if (draft !== undefined && first !== undefined && statusOf(first, this.style) === 'error') draft.status = 'error';
    return orphan(first, range);
  }

  private assign(results: readonly ChatResult[], range: ByteRange, time?: number): Problem | undefined {
    let problem: Problem | undefined;
    // Results of one record that name no call stand together: a body sees the whole record.
    let nameless: Draft | undefined;
    const drafts = new Set<Draft>();
    for (const result of results) {
      const named = this.namedDraft(result);
      const draft = named ?? nameless ?? this.waiting.at(-1) ?? this.drafts.findLast(({ calls }) => calls.length > 0);
      if (draft === undefined) return orphan(result, range);
      if (named === undefined) nameless = draft;
      if (answersAnother(result, draft.calls, results)) {
        const message = `The result with id "${result.callId}" answers no call that is open; see it in the step that shows its record.`;
        problem = { severity: 'warning', message, range, records: 0 };
        continue;
      }
      const pairing = pairResult(draft.calls, draft.answered, result);
      if (pairing !== undefined) this.answer(draft, pairing.position);
      const call = pairing === undefined ? undefined : draft.calls[pairing.position];
      if (pairing?.by === 'order' && mismatched(result, call)) problem = paired(result, call?.tool ?? '', range);
      if (draft.parts.at(-1)?.start !== range.start) draft.parts.push(range);
      if (time !== undefined) draft.endTime = Math.max(draft.endTime ?? time, time);
      this.noteTime(time);
      drafts.add(draft);
    }
    // The body of a step shows all results of its records that don't answer another's call, so its status tells of all.
    for (const draft of drafts) {
      for (const result of results) {
        if (!answersAnother(result, draft.calls, results)) noteStatus(draft, result, this.style);
      }
    }
    return problem;
  }

  private answer(draft: Draft, position: number): void {
    draft.answered[position] = true;
    // A text style's one message answers all calls of the text.
    if (userAnswers(this.style)) draft.answered.fill(true);
    if (!draft.answered.includes(false)) this.waiting.splice(this.waiting.indexOf(draft), 1);
  }

  /** The latest step that waits for an answer under the result's id. */
  private namedDraft({ callId }: ChatResult): Draft | undefined {
    if (callId === undefined) return undefined;
    const asks = (draft: Draft) => draft.calls.some((call, i) => draft.answered[i] !== true && call.callId === callId);
    return this.waiting.findLast(asks);
  }

  /** The agent's last word: a message without calls after which nothing is but the user's stop. */
  private finalStep(stopped: boolean): number {
    for (let i = this.drafts.length - 1; i >= 0; i--) {
      const draft = this.drafts[i];
      if (draft === undefined) break;
      if (draft.kind === 'plan') return i;
      const farewell = draft.kind === 'user' && (draft.stop || (stopped && i === this.drafts.length - 1));
      if (!farewell) break;
    }
    return -1;
  }
}

function kindOf(message: ChatMessage): StepKind {
  if (message.calls.length > 0) return 'action';
  switch (message.role) {
    case 'system':
      return 'system';
    case 'user':
      return 'user';
    case 'assistant':
      return 'plan';
    case 'tool':
    case 'exit':
    case 'other':
      return 'other';
  }
}

function previewOf(message: ChatMessage, text: string): string {
  const [call] = message.calls;
  if (call === undefined) {
    const result = message.results[0];
    return previewOfText(
      text !== '' || result === undefined ? text || (message.thought ?? '') : partsText(result.content),
    );
  }
  if (Object.keys(call.arguments).length > 0) return previewOfArguments(call.arguments);
  if (call.argumentsProblem === undefined) return '';
  const raw = call.rawArguments ?? '';
  // The columns cut long arguments, so that they are no whole JSON here.
  const cut: unknown = raw.startsWith('{') ? parseTolerant(raw) : undefined;
  return isObject(cut) ? previewOfArguments(cut) : previewOfText(raw);
}

function noteStatus(draft: Draft, result: ChatResult, style: ChatStyle): void {
  const status = statusOf(result, style);
  const rank = ['unknown', 'ok', 'suspect-error', 'error'] as const;
  if (rank.indexOf(status) > rank.indexOf(draft.status)) draft.status = status;
}

function statusOf(result: ChatResult, style: ChatStyle): StepRow['status'] {
  if (result.isError !== true) return 'ok';
  // A prefix by which a benchmark marks errors is as good as a flag.
  const marked = style.errorPrefix !== undefined && partsText(result.content).startsWith(style.errorPrefix);
  return result.errorSource === 'text' && !marked ? 'suspect-error' : 'error';
}

/** mini-swe-agent's exit message: a submission is the last word, anything else is how the run died. */
function exitOf(message: ChatMessage, record: Json): Pick<Draft, 'kind' | 'status'> | undefined {
  if (message.role !== 'exit') return undefined;
  return isSubmission(record) ? { kind: 'final', status: 'ok' } : { kind: 'other', status: 'error' };
}

function isSubmission(record: Json): boolean {
  return at(record, 'extra', 'exit_status') === 'Submitted';
}

/** An id that names no call is worth a word; a result without one, or a call without one, is a writer's habit. */
function mismatched(result: ChatResult, call: Pick<ChatCall, 'callId'> | undefined): boolean {
  return result.callId !== undefined && call?.callId !== undefined;
}

function paired(result: ChatResult, tool: string, range: ByteRange): Problem {
  const message = `The result with id "${result.callId}" answers no call that is open; it was taken as the answer to ${tool}, the next call without one.`;
  return { severity: 'warning', message, range, records: 0 };
}

function orphan(result: ChatResult | undefined, range: ByteRange): Problem {
  const whose = result?.callId === undefined ? 'A tool result' : `The result with id "${result.callId}"`;
  return {
    severity: 'warning',
    message: `${whose} answers no call in this conversation; it is shown as a step of its own.`,
    range,
    records: 0,
  };
}

function rowOf(draft: Draft, index: number, final: boolean): StepRow {
  const { id, label, agent, tools, preview, status, startTime, endTime, tokens, cost, parts } = draft;
  return {
    index,
    id,
    kind: final ? 'final' : draft.kind,
    ...(label !== undefined && { label }),
    ...(agent !== undefined && { agent }),
    tools,
    preview,
    depth: 0,
    parent: -1,
    end: index + 1,
    status,
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(tokens !== undefined && { tokens }),
    ...(cost !== undefined && { cost }),
    childRuns: [],
    parts: [...parts].sort((a, b) => a.start - b.start),
  };
}
