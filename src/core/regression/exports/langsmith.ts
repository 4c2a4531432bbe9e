import type { Json } from '../../util/json.ts';
import { ok } from '../../util/result.ts';
import { chatMessages, correctedMessages, decisionMessages } from './chatMessages.ts';
import type { FixtureExport } from './fixtureExport.ts';

/**
 * Examples of a LangSmith dataset (`ExampleCreate`): a list that `client.createExamples` and `evaluate` take, each with the task
 * as inputs, the corrected run as reference outputs, and what must hold in its metadata.
 */
export const langsmith: FixtureExport = {
  id: 'langsmith',
  name: 'LangSmith examples',
  write: (fixture) => {
    const { id, title, mode, messages, tools, correction, expect, failure, source } = fixture;
    const decision = mode === 'decision-point';
    const reference = decision ? decisionMessages(correction) : correctedMessages(fixture);
    const first = messages.findIndex(({ role }) => role === 'user') + 1;
    const example = {
      inputs: {
        messages: chatMessages(decision ? messages : messages.slice(0, first)),
        ...(tools.length > 0 && {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: {
              name,
              ...(description !== undefined && { description }),
              parameters: inputSchema ?? { type: 'object' },
            },
          })),
        }),
      },
      outputs: {
        messages: chatMessages(reference),
        trajectory: reference.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name)),
      },
      metadata: {
        fixture: id,
        title,
        mode,
        expect: expect as unknown as Json,
        failure: { calls: failure.calls as unknown as Json, reason: failure.reason },
        source: { fileName: source.fileName, run: source.run, step: source.step },
      },
    };
    return ok({
      value: [example],
      left: [
        'LangSmith judges nothing by itself: an evaluator of yours must read metadata.expect, or compare with outputs.',
      ],
    });
  },
};
