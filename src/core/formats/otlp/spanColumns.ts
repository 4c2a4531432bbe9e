import type { Column, Columns } from '../format.ts';
import { ERROR_TEXT_SPAN } from '../shared/errorText.ts';

/** What is cut from an argument text for the step list. */
const PREVIEW = 1_000;
/** Longer message lists than this are not looked into for the step list (a model can be given no more). */
const MESSAGES = 16 * 1024 * 1024;

const own = (kind: Column['kind'], ...path: string[]): Column => ({ kind, path });
const attribute = (key: string, kind: Column['kind'] = 'text'): Column => ({
  path: ['attributes'],
  kind,
  attribute: key,
});
const ending = (key: string): Column => ({ ...attribute(key), max: ERROR_TEXT_SPAN, keep: 'end' });

/**
 * What is read of a span. Names are of OpenTelemetry's GenAI conventions (semantic-conventions-genai, and v1.36 before),
 * OpenLLMetry (`traceloop.*`, `llm.*`, flattened prompts), Google ADK (`gcp.vertex.agent.*`) and VS Code Copilot Chat
 * (`copilot_chat.*`). For rows, long texts are cut; messages are needed whole, because what was said last stands at
 * their end. For bodies nothing is cut.
 */
function columns(of: 'row' | 'body'): Columns {
  const long = (key: string, max: number): Column => ({
    ...attribute(key),
    max: of === 'row' ? max : Number.POSITIVE_INFINITY,
  });
  return {
    traceId: own('text', 'traceId'),
    spanId: own('text', 'spanId'),
    parentSpanId: own('text', 'parentSpanId'),
    name: own('text', 'name'),
    start: own('text', 'startTimeUnixNano'),
    end: own('text', 'endTimeUnixNano'),
    statusCode: own('json', 'status', 'code'),
    statusMessage: { ...own('text', 'status', 'message'), max: PREVIEW },
    events: own('json', 'events'),

    operation: attribute('gen_ai.operation.name'),
    requestType: attribute('llm.request.type'),
    traceloopKind: attribute('traceloop.span.kind'),
    traceloopName: attribute('traceloop.entity.name'),
    openInferenceKind: attribute('openinference.span.kind'),
    vercelOperation: attribute('ai.operationId'),
    traceAiKind: attribute('fi.span.kind'),

    agent: attribute('gen_ai.agent.name'),
    agentVersion: attribute('gen_ai.agent.version'),
    conversation: attribute('gen_ai.conversation.id'),
    requestModel: attribute('gen_ai.request.model'),
    responseModel: attribute('gen_ai.response.model'),
    finishReasons: attribute('gen_ai.response.finish_reasons', 'json'),
    label: attribute('agent.trajectory.step'),
    errorType: attribute('error.type'),
    canceled: attribute('copilot_chat.canceled', 'flag'),

    inputTokens: attribute('gen_ai.usage.input_tokens', 'number'),
    promptTokens: attribute('gen_ai.usage.prompt_tokens', 'number'),
    outputTokens: attribute('gen_ai.usage.output_tokens', 'number'),
    completionTokens: attribute('gen_ai.usage.completion_tokens', 'number'),
    cachedTokens: attribute('gen_ai.usage.cache_read.input_tokens', 'number'),
    cachedTokensFlat: attribute('gen_ai.usage.cache_read_input_tokens', 'number'),
    reasoningTokens: attribute('gen_ai.usage.reasoning.output_tokens', 'number'),
    reasoningTokensFlat: attribute('gen_ai.usage.reasoning_tokens', 'number'),
    copilotCost: attribute('github.copilot.cost', 'number'),
    usageCost: attribute('gen_ai.usage.cost', 'number'),

    tool: attribute('gen_ai.tool.name'),
    callId: attribute('gen_ai.tool.call.id'),
    toolArguments: long('gen_ai.tool.call.arguments', PREVIEW),
    vertexArguments: long('gcp.vertex.agent.tool_call_args', PREVIEW),
    entityInput: long('traceloop.entity.input', PREVIEW),
    toolResult: long('gen_ai.tool.call.result', ERROR_TEXT_SPAN),
    vertexResult: long('gcp.vertex.agent.tool_response', ERROR_TEXT_SPAN),
    entityOutput: long('traceloop.entity.output', ERROR_TEXT_SPAN),
    toolResultEnd: ending('gen_ai.tool.call.result'),
    vertexResultEnd: ending('gcp.vertex.agent.tool_response'),
    entityOutputEnd: ending('traceloop.entity.output'),

    inputMessages: long('gen_ai.input.messages', MESSAGES),
    outputMessages: long('gen_ai.output.messages', MESSAGES),
    systemInstructions: long('gen_ai.system_instructions', MESSAGES),
    toolDefinitions: long('gen_ai.tool.definitions', MESSAGES),
    functions: attribute('llm.request.functions.*', 'json'),
    prompt: attribute('gen_ai.prompt.*', 'json'),
    completion: attribute('gen_ai.completion.*', 'json'),
    vertexRequest: long('gcp.vertex.agent.llm_request', MESSAGES),
    vertexResponse: long('gcp.vertex.agent.llm_response', MESSAGES),
    userRequest: long('copilot_chat.user_request', MESSAGES),
    reasoning: long('copilot_chat.reasoning_content', PREVIEW),
    markdown: long('copilot_chat.markdown_content', PREVIEW),
  };
}

export const ROW_COLUMNS: Columns = columns('row');
export const BODY_COLUMNS: Columns = columns('body');

/** Of a document in which no span was found: whether it is one that may hold spans. */
export const WRAPPER_COLUMNS: Columns = {
  resourceSpans: own('json', 'resourceSpans'),
  batches: own('json', 'batches'),
  scopeSpans: own('json', 'scopeSpans'),
};
