import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import type { Approval, Step } from '../../src/core/trace/model.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';

// Frameworks write down a person's consent in ways of their own; evaluators know one.

const corpus = resolve(import.meta.dirname, '../corpus');

async function decisionsIn(file: string): Promise<Approval['decision'][]> {
  const path = resolve(corpus, file);
  const source = await openFileSource(path);
  try {
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)) });
    if (!opened.ok) throw new Error(opened.decline.sentence);
    const found: Approval['decision'][] = [];
    for (const run of opened.value.trace.runs) {
      for await (const step of opened.value.steps(run, 0, run.steps.length)) found.push(...decisionsOf(step));
    }
    return found;
  } finally {
    await source.close?.();
  }
}

function decisionsOf({ approval, actions }: Step): Approval['decision'][] {
  const all = [approval, ...actions.map((action) => action.approval)];
  return all.flatMap((one) => (one === undefined ? [] : [one.decision]));
}

it.each<[string, string, Approval['decision'][]]>([
  ["LangGraph's interrupts as traceAI records them", 'flat-spans/traceai-langgraph.jsonl', ['approved']],
  ["LangChain's middleware for a person in the loop", 'langgraph/history.json', ['modified']],
  ['interrupts that wait', 'agentevals-graph/thread.json', ['requested']],
  ["the Agents SDK's items for approval", 'openai-agents/run-state.json', ['requested']],
  ["the Responses API's requests and answers", 'openai-responses/items.json', ['requested', 'rejected']],
  ["the AI SDK's parts of messages", 'ui-messages/v5-chat.json', ['approved', 'rejected']],
  ["Inspect's events", 'inspect/log.json', ['approved', 'rejected']],
  ["UFO's state CONFIRM", 'ufo/confirm/response.log', ['approved', 'rejected', 'requested']],
  ["Claude Code's mode that asks nobody", 'claude-code/stream.txt', ['auto', 'auto', 'auto', 'auto']],
  ["Claude Code's refusals", 'claude-code/session.jsonl', ['rejected']],
  ["Codex's guardian", 'codex/rollout-2026-03-02T08-00-00-0199b2c4-7a10-7000-8000-0000000000a1.jsonl', ['rejected']],
  ["Gemini CLI's refusals", 'gemini-cli/session.json', ['rejected']],
  ["OpenHands' refusals", 'openhands/v1-events.json', ['rejected']],
  ["Goose's questions", 'goose/export.json', ['requested']],
])('reads %s', async (_, file, decisions) => {
  expect(await decisionsIn(file)).toEqual(decisions);
});
