import type { StepKind, StepRow, Usage } from '../../trace/model.ts';
import type { JsonObject } from '../../util/json.ts';
import { previewOfArguments, previewOfText } from '../shared/preview.ts';
import { tokensOf } from '../shared/readUsage.ts';
import { UniqueIds } from '../shared/uniqueIds.ts';
import type { Line, LineCall, LineResult } from './line.ts';
import { readableWrapper, userTextKind, withoutReminders } from './userText.ts';

/** A call for a sub-agent: where it stands, and what it was for. */
export interface AgentCall {
  readonly row: number;
  readonly callId: string;
  readonly agentId: string | undefined;
  readonly input: JsonObject;
}

/** The steps of a thread and what a run says about them. */
export interface ThreadSteps {
  readonly rows: readonly StepRow[];
  readonly goal: { readonly text: string; readonly row: number } | undefined;
  readonly usages: readonly Usage[];
  readonly model: string | undefined;
  readonly agentCalls: readonly AgentCall[];
  readonly rowOfUuid: ReadonlyMap<string, number>;
  readonly interrupted: boolean;
  readonly crashed: boolean;
}

/** A step while its lines come in. */
interface Draft {
  readonly id: string;
  kind: StepKind;
  label?: string;
  readonly lines: Line[];
  readonly calls: LineCall[];
  readonly results: Map<string, LineResult>;
  readonly startedAgents: Map<string, string>;
  text: string;
}

/**
 * Makes steps of a thread's lines. One message of the model is written as several lines with the same message id (its
 * thinking, its words, each call): they are one step, and its usage counts once. Results come in later lines of the
 * user and belong to the step that made the call.
 */
export function stepsOf(lines: readonly Line[]): ThreadSteps {
  const maker = new Maker();
  for (const line of lines) maker.take(line);
  return maker.finish();
}

class Maker {
  private readonly ids = new UniqueIds();
  private drafts: Draft[] = [];
  private readonly byMessage = new Map<string, Draft>();
  /** The latest step that made a call of an id; some models count their ids anew. */
  private readonly byCall = new Map<string, Draft>();

  take(line: Line): void {
    if (line.type === 'assistant') this.takeAssistant(line);
    else if (line.type === 'user') this.takeUser(line);
    else this.takeSystem(line);
  }

  private takeAssistant(line: Line): void {
    const key = line.messageId ?? line.uuid ?? `byte-${line.start}`;
    let draft = this.byMessage.get(key);
    if (draft === undefined) {
      draft = this.add(key, line.apiError ? 'other' : 'plan', line);
      if (line.apiError) draft.label = 'API error';
      this.byMessage.set(key, draft);
    } else if (!draft.lines.includes(line)) draft.lines.push(line);
    draft.text ||= line.texts.find((text) => text.trim() !== '') ?? '';
    for (const call of line.calls) this.takeCall(call, draft);
  }

  /** A stream may show a call first in a message of its own and then again in the whole one: that is one call. */
  private takeCall(call: LineCall, draft: Draft): void {
    const earlier = this.byCall.get(call.id);
    if (earlier !== undefined && earlier !== draft && call.id !== '' && !earlier.results.has(call.id)) {
      this.drafts = this.drafts.filter((other) => other !== earlier);
      draft.lines.unshift(...earlier.lines);
      draft.calls.unshift(...earlier.calls.filter(({ id }) => id !== call.id));
      draft.text ||= earlier.text;
      for (const [key, other] of this.byMessage) if (other === earlier) this.byMessage.set(key, draft);
      for (const { id } of earlier.calls) this.byCall.set(id, draft);
    }
    const known = draft.calls.some(({ id }) => id === call.id && id !== '');
    if (!known) draft.calls.push(call);
    this.byCall.set(call.id, draft);
    if (draft.kind === 'plan') draft.kind = 'action';
  }

  private takeUser(line: Line): void {
    let orphan: Draft | undefined;
    for (const result of line.results) {
      const draft = this.byCall.get(result.callId);
      if (draft === undefined) {
        orphan ??= this.add(line.uuid, 'other', line);
        orphan.label = 'result without a call';
        orphan.text ||= result.preview;
        orphan.results.set(result.callId, result);
        continue;
      }
      if (!draft.lines.includes(line)) draft.lines.push(line);
      draft.results.set(result.callId, result);
      if (line.startedAgent !== undefined) draft.startedAgents.set(result.callId, line.startedAgent);
    }
    if (orphan !== undefined) return;
    if (line.results.length === 0 || line.texts.length > 0) this.takeWords(line);
  }

  private takeWords(line: Line): void {
    const kinds = line.texts.map(userTextKind);
    if (kinds.includes('interrupted') && !kinds.includes('prompt')) {
      const draft = this.add(line.uuid, 'system', line);
      draft.label = 'interrupted';
      draft.text = line.texts[0] ?? '';
      return;
    }
    if (line.compactSummary) {
      const draft = this.add(line.uuid, 'system', line);
      draft.label = 'compaction summary';
      draft.text = line.texts[0] ?? '';
      return;
    }
    const prompt = line.texts.find((_, i) => kinds[i] === 'prompt');
    const typed = !line.meta && (prompt !== undefined || line.texts.length === 0);
    const draft = this.add(line.uuid, typed ? 'user' : 'system', line);
    if (!typed) draft.label = line.texts.some((text) => text.includes('<command-name>')) ? 'command' : 'meta';
    draft.text = withoutReminders(prompt ?? '').trim() || readableWrapper(line.texts[0] ?? '');
  }

  private takeSystem(line: Line): void {
    const failed = line.subtype === 'api_error';
    const draft = this.add(line.uuid, failed ? 'other' : 'system', line);
    draft.label = line.subtype === 'compact_boundary' ? 'compaction' : (line.subtype ?? 'system').replaceAll('_', ' ');
    draft.text = readableWrapper(line.texts[0] ?? '') || draft.label;
  }

  private add(id: string | undefined, kind: StepKind, line: Line): Draft {
    const draft: Draft = {
      id: this.ids.take(id ?? `byte-${line.start}`),
      kind,
      lines: [line],
      calls: [],
      results: new Map(),
      startedAgents: new Map(),
      text: '',
    };
    this.drafts.push(draft);
    return draft;
  }

  finish(): ThreadSteps {
    markCommands(this.drafts);
    markFinals(this.drafts);
    const rows = this.drafts.map(rowOf);
    const goalRow = this.drafts.findIndex(({ kind, text }) => kind === 'user' && text !== '');
    const goal = this.drafts[goalRow];
    const models = this.drafts.flatMap(({ lines }) => lines.flatMap(({ model }) => model ?? []));
    const last = this.drafts.at(-1);
    const lastSpoken = this.drafts.findLast(({ kind }) => kind !== 'system');
    return {
      rows,
      goal: goal === undefined ? undefined : { text: goal.text, row: goalRow },
      usages: this.drafts.flatMap((draft) => usageOf(draft) ?? []),
      model: models.find((model) => model !== '<synthetic>'),
      agentCalls: this.drafts.flatMap(agentCallsOf),
      rowOfUuid: new Map(
        this.drafts.flatMap(({ lines }, row) => lines.flatMap(({ uuid }) => (uuid ? [[uuid, row]] : []))),
      ),
      interrupted: last?.label === 'interrupted',
      crashed: lastSpoken?.label === 'API error' || lastSpoken?.label === 'api error',
    };
  }
}

/** A slash command that the model then worked on (`/init`) is what the user asked; a local one has only an output. */
function markCommands(drafts: readonly Draft[]): void {
  for (const [i, draft] of drafts.entries()) {
    if (draft.kind !== 'system' || draft.label !== 'command') continue;
    const next = drafts.slice(i + 1).find(({ kind, label }) => kind !== 'system' || label !== 'meta');
    if (next?.lines[0]?.type === 'assistant') draft.kind = 'user';
  }
}

/** A text without a call ends the turn when nothing of the model follows before the user speaks again. */
function markFinals(drafts: readonly Draft[]): void {
  for (const [i, draft] of drafts.entries()) {
    if (draft.kind !== 'plan' || draft.text === '') continue;
    const next = drafts.slice(i + 1).find(({ kind }) => kind !== 'system');
    if (next === undefined || next.kind === 'user') draft.kind = 'final';
  }
}

/** Counters grow from line to line of one message, so the last line has them whole. */
function usageOf(draft: Draft): Usage | undefined {
  return draft.lines.findLast((line) => line.type === 'assistant' && (line.usage?.outputTokens ?? 0) > 0)?.usage;
}

function rowOf(draft: Draft, index: number): StepRow {
  const { id, kind, label, calls, text } = draft;
  const lines = [...new Set(draft.lines)].sort((a, b) => a.start - b.start);
  const times = lines.map(({ time }) => time).filter((time) => time !== undefined);
  const tokens = tokensOf(usageOf(draft));
  const [call] = calls;
  return {
    index,
    id,
    kind,
    ...(label !== undefined && { label }),
    tools: calls.map(({ tool }) => tool),
    preview: call === undefined ? previewOfText(text) : previewOfArguments(call.input) || previewOfText(text),
    depth: 0,
    parent: -1,
    end: index + 1,
    status: statusOf(draft),
    ...(times.length > 0 && { startTime: Math.min(...times), endTime: Math.max(...times) }),
    ...(tokens !== undefined && { tokens }),
    childRuns: [],
    parts: lines.map(({ start, end }) => ({ source: 0, start, end })),
  };
}

function statusOf({ kind, results, label }: Draft): StepRow['status'] {
  if (results.size === 0 && kind !== 'other') return 'ok';
  const outcomes = [...results.values()];
  if (outcomes.some(({ failed }) => failed === true)) return 'error';
  if (kind === 'other' && label?.toLowerCase() === 'api error') return 'error';
  return outcomes.some(({ suspect }) => suspect !== undefined) && kind !== 'other' ? 'suspect-error' : 'ok';
}

/** Claude Code's tool for sub-agents is called Task, and Agent since 2.1. */
function agentCallsOf(draft: Draft, row: number): AgentCall[] {
  return draft.calls.flatMap(({ id, tool, input }) => {
    const agentId = draft.startedAgents.get(id);
    return agentId !== undefined || tool === 'Task' || tool === 'Agent' ? [{ row, callId: id, agentId, input }] : [];
  });
}
