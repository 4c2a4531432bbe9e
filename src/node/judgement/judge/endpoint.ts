import { answerSchema } from '../../../core/judge/prompt.ts';
import { sha256Hex } from '../../../core/util/canonical.ts';
import { asArray, asFilledText, asText, at, field, type Json } from '../../../core/util/json.ts';
import { err, ok, type Result } from '../../../core/util/result.ts';
import type { ChatQuestion, Endpoint, EndpointModel } from '../../../protocol/modelEndpoint.ts';
import { exchangeJson, type JsonAnswer } from './httpJson.ts';
import { LONGEST_ANSWER, PARAMS } from './params.ts';

/** A local model can take minutes for its first answer, while it is loaded. */
const PATIENCE = 180_000;
const PATIENCE_FOR_NAMES = 10_000;

/**
 * The model at an endpoint: the wanted one, or the only one there is. Its version is Ollama's digest, or what llama.cpp says of the
 * loaded file; absent where the server says neither.
 */
export async function modelAt(
  endpoint: Endpoint,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<Result<EndpointModel>> {
  const asked = { timeout: PATIENCE_FOR_NAMES, ...(signal && { signal }) };
  const listed = await exchangeJson(endpoint, { path: 'models', ...asked });
  if (!listed.ok) return listed;
  const models = asArray(field(listed.value.body, 'data'));
  const names = models.flatMap((model) => asFilledText(field(model, 'id')) ?? []);
  const [only] = names;
  if (wanted === undefined && (only === undefined || names.length > 1)) {
    const which = names.length === 0 ? 'names no model' : `has ${names.length}: ${names.slice(0, 10).join(', ')}`;
    return err(`Say which model is to judge: ${new URL(endpoint.url).host} ${which}.`);
  }
  const model = wanted ?? only ?? '';
  const tags = await exchangeJson(endpoint, { path: '/api/tags', ...asked });
  const tag = tags.ok
    ? asArray(field(tags.value.body, 'models')).find((one) => named(field(one, 'name'), model))
    : undefined;
  const meta = field(
    models.find((one) => field(one, 'id') === model),
    'meta',
  );
  const digest = asFilledText(field(tag, 'digest'));
  const version = digest ?? (meta === undefined ? undefined : sha256Hex(JSON.stringify(meta)));
  return ok({ model, ...(version !== undefined && { version }) });
}

/** Ollama takes a name without a tag for the tag `latest`. */
function named(name: Json | undefined, model: string): boolean {
  return name === model || name === `${model}:latest`;
}

/** Asks one question and answers the model's words; a sentence when there are none. Rejects only when aborted. */
export async function askEndpoint(
  endpoint: Endpoint,
  model: string,
  question: ChatQuestion,
  signal?: AbortSignal,
  timeout = PATIENCE,
): Promise<Result<string>> {
  const body = {
    model,
    messages: [
      { role: 'system', content: question.system },
      { role: 'user', content: question.user },
    ],
    ...PARAMS,
    stream: false,
  };
  const format = {
    type: 'json_schema',
    json_schema: { name: 'answer', strict: true, schema: answerSchema(question.labels) },
  };
  const send = (sent: Json) =>
    exchangeJson(endpoint, { path: 'chat/completions', body: sent, timeout, ...(signal && { signal }) });
  const first = await send({ ...body, response_format: format });
  // Servers without structured answers refuse the field; the form is asked for in words, too.
  const refused = first.ok && (first.value.status === 400 || first.value.status === 422);
  const answer = refused ? await send(body) : first;
  return answer.ok ? wordsOf(answer.value, new URL(endpoint.url).host) : answer;
}

function wordsOf({ status, body }: JsonAnswer, host: string): Result<string> {
  if (status !== 200) {
    const said = asFilledText(at(body, 'error', 'message')) ?? asFilledText(field(body, 'error'));
    return err(`${host} answered with status ${status}${said === undefined ? '.' : `: ${said.slice(0, 200)}`}`);
  }
  const choice = at(body, 'choices', 0);
  const content = asText(at(choice, 'message', 'content')) ?? '';
  if (asArray(at(choice, 'message', 'tool_calls')).length > 0) {
    return err('The model called a tool in place of an answer.');
  }
  if (field(choice, 'finish_reason') === 'content_filter') return err('The model refused to answer.');
  if (content.length > LONGEST_ANSWER) return err('The model gave an answer that is far too long.');
  if (content.trim() === '') {
    const ran = field(choice, 'finish_reason') === 'length' ? ' before it ran out of tokens' : '';
    return err(`The model gave no words${ran}.`);
  }
  return ok(content);
}
