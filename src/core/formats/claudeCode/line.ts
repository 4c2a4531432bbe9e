import { parse as parseTolerant } from 'jsonc-parser';
import type { RecordPlace } from '../../source/layout.ts';
import type { Usage } from '../../trace/model.ts';
import { asArray, asFilledText, asText, isObject, type Json, type JsonObject, tryParse } from '../../util/json.ts';
import type { Cells } from '../format.ts';
import { type ErrorText, errorInEnds } from '../shared/errorText.ts';
import { previewOfText } from '../shared/preview.ts';
import { readTime } from '../shared/readTime.ts';
import { readUsage } from '../shared/readUsage.ts';

export interface LineCall {
  readonly id: string;
  readonly tool: string;
  /** The input's beginning, parsed as far as it goes. */
  readonly input: JsonObject;
}

export interface LineResult {
  readonly callId: string;
  /** As flagged; undefined when the record has no flag. */
  readonly failed: boolean | undefined;
  readonly suspect: ErrorText | undefined;
  readonly preview: string;
}

/** A line's small facts. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly subtype: string | undefined;
  readonly uuid: string | undefined;
  readonly parentUuid: string | undefined;
  readonly session: string | undefined;
  readonly time: number | undefined;
  readonly sidechain: boolean;
  readonly agentId: string | undefined;
  readonly parentToolUse: string | undefined;
  readonly meta: boolean;
  readonly compactSummary: boolean;
  readonly apiError: boolean;
  readonly permissionMode: string | undefined;
  readonly messageId: string | undefined;
  readonly model: string | undefined;
  readonly usage: Usage | undefined;
  readonly texts: readonly string[];
  readonly calls: readonly LineCall[];
  readonly results: readonly LineResult[];
  /** Blocks that are no text, call or result (thinking, images). */
  readonly otherBlocks: number;
  /** The sub-agent whose answer this line carries. */
  readonly startedAgent: string | undefined;
}

/** Reads a line's facts; undefined when it is no record of Claude Code. */
export function readLine(place: RecordPlace, cells: Cells): Line | undefined {
  const type = asFilledText(cells.type);
  if (type === undefined) return undefined;
  const speaks = type === 'user' || type === 'assistant';
  const types = asArray(cells.blockTypes);
  if (speaks && cells.text === undefined) return undefined;
  if (speaks && cells.blockTypes !== undefined && types.length > 0 && types.every((block) => block === null))
    return undefined;
  return {
    start: place.start,
    end: place.end,
    type,
    subtype: asFilledText(cells.subtype),
    uuid: asFilledText(cells.uuid),
    parentUuid: asFilledText(cells.parentUuid),
    session: asFilledText(cells.sessionId) ?? asFilledText(cells.session_id),
    time: readTime(cells.timestamp),
    sidechain: cells.isSidechain === true,
    agentId: asFilledText(cells.agentId),
    parentToolUse: asFilledText(cells.parentToolUse),
    meta: cells.isMeta === true,
    compactSummary: cells.isCompactSummary === true,
    apiError: cells.isApiErrorMessage === true,
    permissionMode: asFilledText(cells.permissionMode),
    messageId: asFilledText(cells.messageId),
    model: asFilledText(cells.model) ?? (type === 'system' ? asFilledText(cells.initModel) : undefined),
    usage: readUsage(cells.usage),
    texts: textsOf(cells, types),
    calls: callsOf(cells, types),
    results: resultsOf(cells, types),
    otherBlocks: types.filter((block) => block !== 'text' && !isCall(block) && !isResult(block)).length,
    startedAgent: asFilledText(cells.startedAgent) ?? asFilledText(cells.startedAgentStream),
  };
}

/** Tools that the provider runs itself stand in the same message under their own block types. */
export function isCall(type: Json | undefined): boolean {
  return type === 'tool_use' || type === 'server_tool_use' || type === 'mcp_tool_use';
}

export function isResult(type: Json | undefined): boolean {
  return typeof type === 'string' && type.endsWith('tool_result');
}

function textsOf(cells: Cells, types: readonly Json[]): string[] {
  const plain = asText(cells.text);
  if (cells.blockTypes === undefined) return plain === undefined || plain.trim() === '' ? [] : [plain];
  const texts = asArray(cells.blockTexts);
  return types.flatMap((type, i) => (type === 'text' ? (asFilledText(texts[i]) ?? []) : []));
}

function callsOf(cells: Cells, types: readonly Json[]): LineCall[] {
  const [ids, tools, inputs] = [asArray(cells.callIds), asArray(cells.callTools), asArray(cells.callInputs)];
  return types.flatMap((type, i) => {
    if (!isCall(type)) return [];
    const text = asText(inputs[i]) ?? '{}';
    const input: unknown = tryParse(text) ?? parseTolerant(text, []);
    return [
      { id: asText(ids[i]) ?? '', tool: asFilledText(tools[i]) ?? 'unnamed', input: isObject(input) ? input : {} },
    ];
  });
}

function resultsOf(cells: Cells, types: readonly Json[]): LineResult[] {
  const [ids, flags] = [asArray(cells.resultOf), asArray(cells.resultFailed)];
  const [heads, tails] = [asArray(cells.resultHeads), asArray(cells.resultTails)];
  return types.flatMap((type, i) => {
    if (!isResult(type)) return [];
    const flag = flags[i];
    const failed = typeof flag === 'boolean' ? flag : undefined;
    const suspect = failed === undefined ? suspectIn(asText(heads[i]) ?? '', asText(tails[i]) ?? '') : undefined;
    return [{ callId: asText(ids[i]) ?? '', failed, suspect, preview: previewOfText(asText(heads[i]) ?? '') }];
  });
}

/** A result that is a list of blocks is JSON text here; what its words say is not looked into. */
export function suspectIn(head: string, tail: string): ErrorText | undefined {
  return head.startsWith('[{') ? undefined : errorInEnds(head, tail);
}
