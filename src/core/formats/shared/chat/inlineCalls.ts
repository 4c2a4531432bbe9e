import { isObject, type Json, type JsonObject, tryParse } from '../../../util/json.ts';
import type { ChatCall, ChatStyle } from './chatMessage.ts';
import { readCallsText } from './readCalls.ts';

export interface InlineCalls {
  readonly calls: ChatCall[];
  /** The text without the calls. */
  readonly rest: string;
}

/** Takes the calls out of an assistant's text, as the writer's style puts them there. */
export function inlineCalls(text: string, style: ChatStyle): InlineCalls {
  if (style.inlineCalls === undefined) return { calls: [], rest: text };
  switch (style.inlineCalls) {
    case 'function-tags':
      return functionTags(text);
    case 'tool-call-tags':
      return toolCallTags(text);
    case 'bash-blocks':
      return bashBlock(text);
  }
}

/** `<function=bash><parameter=command>ls</parameter></function>` (SWE-agent's XML parser, SWE-smith, OpenHands). */
function functionTags(text: string): InlineCalls {
  const calls: ChatCall[] = [];
  const rest = text.replace(/<function=([^>\n]+)>([\s\S]*?)(?:<\/function>|$(?![\s\S]))/g, (raw, tool, body) => {
    calls.push({ tool: String(tool).trim(), arguments: parameters(String(body)), ...recorded(raw) });
    return '';
  });
  return { calls, rest: rest.trim() };
}

function parameters(body: string): JsonObject {
  const found: [string, Json][] = [];
  for (const [, name, value] of body.matchAll(/<parameter=([^>\n]+)>([\s\S]*?)<\/parameter>/g)) {
    if (name !== undefined && value !== undefined) found.push([name.trim(), parameterValue(value)]);
  }
  return Object.fromEntries(found);
}

/** Lists and objects are written as JSON; everything else is the text itself, one line break at its ends aside. */
function parameterValue(text: string): Json {
  const parsed = /^\s*[[{]/.test(text) ? tryParse(text) : undefined;
  return parsed ?? text.replace(/^\n/, '').replace(/\n$/, '');
}

/** `<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes, Qwen). */
function toolCallTags(text: string): InlineCalls {
  const calls: ChatCall[] = [];
  const rest = text.replace(/<tool_call>([\s\S]*?)(?:<\/tool_call>|$(?![\s\S]))/g, (raw, body) => {
    for (const call of readCallsText(String(body))) calls.push({ ...call, rawArguments: call.rawArguments ?? raw });
    return '';
  });
  return { calls, rest: rest.trim() };
}

/**
 * One fenced block of bash (mini-swe-agent). The agent runs a message only when it holds exactly one block; none or
 * several are a format error, which the next message says.
 */
function bashBlock(text: string): InlineCalls {
  const blocks = [...text.matchAll(/```(?:mswea_bash_command|bash)[ \t]*\n([\s\S]*?)\n?```/g)];
  const [block] = blocks;
  if (blocks.length !== 1 || block?.[1] === undefined) return { calls: [], rest: text };
  const rest = `${text.slice(0, block.index)}${text.slice(block.index + block[0].length)}`.trim();
  return { calls: [{ tool: 'bash', arguments: { command: block[1] }, ...recorded(block[0]) }], rest };
}

function recorded(raw: string): { rawArguments: string; argumentsRecorded: true } {
  return { rawArguments: raw, argumentsRecorded: true };
}

/** Results inside a text: `<tool_response>…</tool_response>`, and the words that announce an observation. */
export function resultText(text: string): string {
  const response = /^\s*<tool_response>\n?([\s\S]*?)\n?<\/tool_response>\s*$/.exec(text)?.[1];
  return (response ?? text).replace(/^OBSERVATION:[ \t]*\n?/i, '');
}

/** The style that a text shows, for detection. */
export function styleOfText(text: string): NonNullable<ChatStyle['inlineCalls']> | undefined {
  if (/<function=[\w.-]+>[\s\S]*?<\/function>/.test(text)) return 'function-tags';
  const call = /<tool_call>([\s\S]*?)<\/tool_call>/.exec(text)?.[1];
  if (call !== undefined && isObject(tryParse(call.trim()))) return 'tool-call-tags';
  return undefined;
}
