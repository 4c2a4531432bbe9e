import type { ByteRange } from '../../trace/model.ts';

/** What is kept of a message of the history. */
export interface HistoryMessage {
  readonly role: string;
  readonly agent: string | undefined;
  readonly isDemo: boolean;
  readonly action: string | undefined;
  readonly text: string;
  readonly tools: readonly string[];
  readonly range: ByteRange;
}

export interface MatchedHistory {
  /** The system prompt and the task, before the agent's first word. */
  readonly opening: readonly HistoryMessage[];
  /** For each step of the trajectory: the agent's message, then the messages that answer it. */
  readonly answers: readonly (readonly HistoryMessage[])[];
  /** Messages of demonstrations, which the agent was shown and did not live. */
  readonly demos: number;
  /** Messages that match no step. */
  readonly strays: number;
}

/**
 * Finds each step's messages in the history, which records the same run a second time and holds what the steps don't:
 * the calls. Steps and the agent's messages stand in the same order; the action, which both repeat, tells which belongs to which.
 */
export function matchHistory(actions: readonly string[], history: readonly HistoryMessage[]): MatchedHistory {
  const lived = history.filter((message) => !message.isDemo);
  const firstWord = lived.findIndex((message) => message.role === 'assistant');
  const opening = firstWord < 0 ? lived : lived.slice(0, firstWord);
  const turns: HistoryMessage[][] = [];
  for (const message of lived.slice(opening.length)) {
    if (message.role === 'assistant') turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  const answers = pair(actions, turns);
  const matched = answers.reduce((sum, turn) => sum + turn.length, 0);
  return {
    opening,
    answers,
    demos: history.length - lived.length,
    strays: lived.length - opening.length - matched,
  };
}

function pair(actions: readonly string[], turns: readonly HistoryMessage[][]): HistoryMessage[][] {
  // Where the history repeats no actions, only the order is left.
  if (turns.every(([said]) => said?.action === undefined)) return actions.map((_, i) => turns[i] ?? []);
  let next = 0;
  return actions.map((action) => {
    const at = turns.findIndex((turn, i) => i >= next && sameAction(turn[0]?.action, action));
    if (at < 0) return [];
    next = at + 1;
    return turns[at] ?? [];
  });
}

function sameAction(recorded: string | undefined, action: string): boolean {
  return recorded !== undefined && recorded.trim() === action.trim();
}
