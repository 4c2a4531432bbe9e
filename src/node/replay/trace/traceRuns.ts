import type { OpenTrace } from '../../../core/formats/openTrace.ts';
import type { Run } from '../../../core/trace/model.ts';
import { partsText } from '../../../core/trace/stepText.ts';
import type { Json } from '../../../core/util/json.ts';
import { Collected, type TraceRun } from '../../regression/replayHelper/readTrace.ts';

/** What an agent's own run did, as it is judged: sub-agents have runs of their own. */
export interface OwnRun extends TraceRun {
  readonly run: Run;
}

/** The runs of a trace that no other run started, gone through once each. */
export async function traceRuns(opened: OpenTrace, signal: AbortSignal): Promise<OwnRun[]> {
  const own = opened.trace.runs.filter((run) => run.parentRun === undefined && run.steps.length > 0);
  const found: OwnRun[] = [];
  for (const run of own) {
    const collected = new Collected();
    for await (const { kind, message, actions } of opened.steps(run, 0, run.steps.length, signal)) {
      const words = partsText(message ?? []);
      if (kind === 'user') collected.user(words);
      if (kind === 'user' || kind === 'system') continue;
      collected.say(words);
      for (const action of actions) collected.call(action.tool, action.arguments as Json);
    }
    const { calls, finalText, goal } = collected;
    found.push({ run, calls, finalText, steps: collected.steps, goal: goal || (run.goal ?? '') });
  }
  return found;
}
