import type { Action, Approval, ContentPart, Observation, Run, StepRow } from '../../trace/model.ts';
import { asArray, asFilledText, asNumber, asText, at, field, isObject, type Json } from '../../util/json.ts';
import { jsonText } from '../../util/jsonText.ts';
import type { StepBody } from '../format.ts';
import { ERROR_TEXT_SPAN } from '../shared/errorText.ts';
import { observationPart } from '../shared/observationPart.ts';
import { readArguments } from '../shared/readArguments.ts';
import { readTime } from '../shared/readTime.ts';
import { readUsage } from '../shared/readUsage.ts';
import { isCall, isResult, suspectIn } from './line.ts';
import { patchText } from './patchText.ts';
import { refusalReason, refusedBy, userTextKind } from './userText.ts';

/** A result with the record that carries it. */
interface Result {
  readonly block: Json;
  readonly record: Json;
  readonly range: StepRow['parts'][number] | undefined;
}

/** Builds a step from its lines. */
export function bodyOf(row: StepRow, parts: readonly Json[], run: Run): StepBody {
  const said = parts.filter((record) => field(record, 'type') === 'assistant');
  if (said.length === 0) return { ...wordsOf(row, parts), actions: [] };
  const blocks = said.flatMap(blocksOf);
  const calls = distinctCalls(blocks);
  const results = new Map<string, Result>();
  for (const [i, record] of parts.entries()) {
    if (field(record, 'type') !== 'user') continue;
    for (const block of blocksOf(record)) {
      if (isResult(field(block, 'type'))) results.set(callIdOf(block), { block, record, range: row.parts[i] });
    }
  }
  const started = readTime(field(said.at(-1), 'timestamp'));
  const thought = blocks.flatMap((block) => asFilledText(field(block, 'thinking')) ?? []).join('\n');
  const message = blocks.flatMap((block) => (isCall(field(block, 'type')) ? [] : contentOf(block)));
  const newest = said.findLast((record) => (asNumber(at(record, 'message', 'usage', 'output_tokens')) ?? 0) > 0);
  const usage = readUsage(at(newest, 'message', 'usage'));
  const model = asFilledText(at(said.at(-1), 'message', 'model'));
  const finishReason = said.flatMap((record) => asFilledText(at(record, 'message', 'stop_reason')) ?? []).at(-1);
  return {
    ...(thought !== '' && { thought }),
    ...(message.length > 0 && { message }),
    actions: calls.map((call) => actionOf(call, results.get(asText(field(call, 'id')) ?? ''), started, run)),
    ...(usage !== undefined && { usage }),
    ...(model !== undefined && { model }),
    ...(finishReason !== undefined && { finishReason }),
  };
}

/** A user's words; what a person typed comes before what the harness put beside it. */
function wordsOf(row: StepRow, parts: readonly Json[]): Pick<StepBody, 'message'> {
  const blocks = parts.flatMap((record) =>
    field(record, 'type') === 'user' ? blocksOf(record) : [asText(field(record, 'content')) ?? jsonText(record)],
  );
  const kept = row.kind === 'other' ? blocks : blocks.filter((block) => !isResult(field(block, 'type')));
  const typed = (block: Json) => userTextKind(asText(block) ?? asText(field(block, 'text')) ?? '') === 'prompt';
  const ordered = [...kept.filter(typed), ...kept.filter((block) => !typed(block))];
  const message = ordered.flatMap((block) =>
    isResult(field(block, 'type')) ? resultContent(block) : contentOf(block),
  );
  return message.length > 0 ? { message } : {};
}

function blocksOf(record: Json): Json[] {
  const content = at(record, 'message', 'content');
  return typeof content === 'string' ? [content] : asArray(content);
}

function callIdOf(result: Json): string {
  return asText(field(result, 'tool_use_id')) ?? '';
}

/** Each call once, in order; a stream may show one twice, and the later one is whole. */
function distinctCalls(blocks: readonly Json[]): Json[] {
  const calls = new Map<string, Json>();
  for (const [i, block] of blocks.entries()) {
    if (isCall(field(block, 'type'))) calls.set(asFilledText(field(block, 'id')) ?? `call ${i}`, block);
  }
  return [...calls.values()];
}

function contentOf(block: Json): ContentPart[] {
  if (typeof block === 'string') return block === '' ? [] : [{ type: 'text', text: block }];
  switch (field(block, 'type')) {
    case 'text': {
      const text = asText(field(block, 'text')) ?? '';
      return text.trim() === '' ? [] : [{ type: 'text', text }];
    }
    case 'thinking':
    case 'redacted_thinking':
      return [];
    case 'image': {
      const source = field(block, 'source');
      const [data, url] = [asText(field(source, 'data')), asText(field(source, 'url'))];
      const mediaType = asText(field(source, 'media_type')) ?? 'image/*';
      if (data !== undefined) return [{ type: 'image', mediaType, data }];
      return url === undefined ? [{ type: 'json', value: block }] : [{ type: 'image', mediaType, url }];
    }
    default:
      return [{ type: 'json', value: block }];
  }
}

function actionOf(call: Json, result: Result | undefined, started: number | undefined, run: Run): Action {
  const callId = asFilledText(field(call, 'id'));
  const ended = readTime(field(result?.record, 'timestamp'));
  const approval = approvalOf(result, run);
  return {
    tool: asFilledText(field(call, 'name')) ?? 'unnamed',
    ...readArguments(field(call, 'input')),
    ...(callId !== undefined && { callId }),
    ...(approval !== undefined && { approval }),
    ...(result !== undefined && { observation: observationOf(result, started, ended) }),
    ...(started !== undefined && { startTime: started }),
    ...(ended !== undefined && { endTime: ended }),
  };
}

function observationOf(
  { block, record, range }: Result,
  started: number | undefined,
  ended: number | undefined,
): Observation {
  const content = field(block, 'content') ?? '';
  const text = typeof content === 'string' ? content : jsonText(content);
  const flag = field(block, 'is_error');
  const suspect = suspectIn(text.slice(0, ERROR_TEXT_SPAN), text.slice(-ERROR_TEXT_SPAN));
  // The interface's default is "no error", so an unflagged result whose text shows none is none.
  const failed = typeof flag === 'boolean' ? flag : suspect !== undefined;
  const byText = typeof flag !== 'boolean' && failed;
  const more = richer(record);
  const refused = failed ? refusedBy(text) : undefined;
  const interrupted = field(more, 'interrupted') === true ? 'interrupted' : undefined;
  const errorType = refused === undefined ? (interrupted ?? (failed ? suspect?.type : undefined)) : 'rejected';
  const measured = asNumber(field(more, 'totalDurationMs') ?? field(more, 'durationMs'));
  const duration = measured ?? (started !== undefined && ended !== undefined ? ended - started : undefined);
  const patch = patchText(more);
  return {
    content: [...resultContent(block), ...(patch === undefined ? [] : [{ type: 'diff' as const, text: patch }])],
    isError: failed,
    errorSource: byText ? (suspect?.exitCode === undefined ? 'text' : 'exit-code') : 'flag',
    ...(errorType !== undefined && { errorType }),
    ...(failed && suspect?.exitCode !== undefined && { exitCode: suspect.exitCode }),
    ...(duration !== undefined && duration >= 0 && { duration }),
    ...(range !== undefined && { range }),
  };
}

/** What the tool itself reported, beside what the model saw; only where the record carries one result. */
function richer(record: Json): Json | undefined {
  const more = field(record, 'toolUseResult') ?? field(record, 'tool_use_result');
  const results = blocksOf(record).filter((block) => isResult(field(block, 'type')));
  return isObject(more) && results.length === 1 ? more : undefined;
}

function resultContent(block: Json): ContentPart[] {
  const content = field(block, 'content');
  if (typeof content === 'string') return content === '' ? [] : [observationPart(content)];
  return asArray(content).flatMap((part) => {
    const text = asText(field(part, 'text'));
    return field(part, 'type') === 'text' && text !== undefined ? [observationPart(text)] : contentOf(part);
  });
}

/** A refusal stands in the result; a mode that asks for nothing stands in the session's settings. */
function approvalOf(result: Result | undefined, run: Run): Approval | undefined {
  const content = field(result?.block, 'content');
  const texts =
    typeof content === 'string' ? [content] : asArray(content).flatMap((part) => asText(field(part, 'text')) ?? []);
  for (const text of field(result?.block, 'is_error') === true ? texts : []) {
    const by = refusedBy(text);
    const feedback = refusalReason(text);
    if (by !== undefined) return { decision: 'rejected', by, ...(feedback !== undefined && { feedback }) };
  }
  const mode = run.cohort?.['permission mode'];
  return mode === 'bypassPermissions' ? { decision: 'auto', by: mode } : undefined;
}
