import { isObject, type Json } from '../../util/json.ts';
import { ok } from '../../util/result.ts';
import type { FixtureMessage } from '../fixture.ts';
import { correctedMessages } from './chatMessages.ts';
import { type FixtureExport, leftOut } from './fixtureExport.ts';

/**
 * An eval set of Google's Agent Development Kit, as `adk eval` reads it: one case, one invocation for each turn of the user, with
 * the calls and the answer of the corrected run (`EvalSet` of `google.adk.evaluation`).
 */
export const adk: FixtureExport = {
  id: 'adk',
  name: 'ADK eval set',
  write: (fixture) => {
    const { id, title, failure, expect, environment } = fixture;
    const messages = correctedMessages(fixture);
    const state = environment.state;
    return ok({
      value: {
        eval_set_id: `hindstep-${id}`,
        name: title,
        description: failure.reason,
        eval_cases: [
          {
            eval_id: id,
            conversation: turnsOf(messages, fixture.goal).map((turn, i) => invocation(turn, i)),
            ...(isObject(state) && { session_input: { app_name: 'agent', user_id: 'user', state } }),
          },
        ],
      },
      left: [
        ...(messages.some(({ role }) => role === 'system')
          ? ['The system prompt is the agent’s own in ADK, so it is not in there.']
          : []),
        ...expect
          .filter(({ kind }) => kind !== 'mustCall' && kind !== 'mustNotCall')
          .map((expectation) => leftOut('ADK', expectation)),
        'ADK compares calls with those of the corrected run as a whole (tool_trajectory_avg_score), every argument exactly.',
      ],
    });
  },
};

interface Turn {
  readonly user: string;
  readonly messages: FixtureMessage[];
}

function turnsOf(messages: readonly FixtureMessage[], goal: string): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'user') turns.push({ user: message.content, messages: [] });
    else if (message.role !== 'system') {
      if (turns.length === 0) turns.push({ user: goal, messages: [] });
      turns.at(-1)?.messages.push(message);
    }
  }
  return turns;
}

function invocation({ user, messages }: Turn, i: number): Json {
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls);
  const nameOf = new Map(calls.map(({ id, name }) => [id, name]));
  const texts = messages.filter(({ role, content }) => role === 'assistant' && content !== '');
  const last = messages.at(-1);
  const final = last?.role === 'assistant' && last.toolCalls === undefined ? last : undefined;
  return {
    invocation_id: `turn-${i + 1}`,
    user_content: { role: 'user', parts: [{ text: user }] },
    ...(final !== undefined && { final_response: { role: 'model', parts: [{ text: final.content }] } }),
    intermediate_data: {
      tool_uses: calls.map(({ id, name, arguments: args }) => ({ id, name, args })),
      tool_responses: messages.flatMap(({ role, toolCallId, content }) =>
        role === 'tool' && toolCallId !== undefined
          ? [{ id: toolCallId, name: nameOf.get(toolCallId) ?? '', response: { result: content } }]
          : [],
      ),
      intermediate_responses: texts.filter((one) => one !== final).map(({ content }) => ['agent', [{ text: content }]]),
    },
  };
}
