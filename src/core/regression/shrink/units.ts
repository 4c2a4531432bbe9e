import type { Fixture } from '../fixture.ts';

/** What goes or stays as one: a message with its calls, their answers, and the same calls in the recording. */
export interface Unit {
  /** Indexes into the messages. */
  readonly messages: readonly number[];
  /** Indexes into the recording. */
  readonly entries: readonly number[];
}

/**
 * What of a fixture may be left out. The words of the user and the system stay, and what the agent said before the user spoke;
 * so do the failing step's own calls, and what is to be kept.
 */
export function unitsOf(fixture: Fixture, keep: ReadonlySet<number>): Unit[] {
  const { messages, recording, failure } = fixture;
  const stays = (entry: number) =>
    (entry >= failure.position && entry < failure.position + failure.calls.length) || keep.has(entry);
  const units: Unit[] = [];
  let next = 0;
  for (const [i, { role, toolCalls = [] }] of messages.entries()) {
    if (role !== 'assistant') continue;
    if (toolCalls.length === 0) {
      if (messages[i + 1]?.role !== 'user') units.push({ messages: [i], entries: [] });
      continue;
    }
    const entries = toolCalls.flatMap(({ name }) => {
      const entry = recording.findIndex(({ tool }, at) => at >= next && tool === name);
      if (entry < 0) return [];
      next = entry + 1;
      return [entry];
    });
    const ids = new Set(toolCalls.map(({ id }) => id));
    const answers = messages.flatMap(({ toolCallId }, at) => (ids.has(toolCallId ?? '') ? [at] : []));
    if (!entries.some(stays)) units.push({ messages: [i, ...answers], entries });
  }
  const linked = new Set(units.flatMap(({ entries }) => entries));
  const alone = recording.flatMap((_one, i) => (linked.has(i) || stays(i) ? [] : [{ messages: [], entries: [i] }]));
  return [...units, ...alone];
}

/** The fixture with some of its units; what is in none of them stays. */
export function withUnits(fixture: Fixture, all: readonly Unit[], kept: ReadonlySet<Unit>): Fixture {
  const gone = all.filter((unit) => !kept.has(unit));
  const goneMessages = new Set(gone.flatMap(({ messages }) => messages));
  const goneEntries = new Set(gone.flatMap(({ entries }) => entries));
  const { messages, recording, failure } = fixture;
  const seen = new Map<string, number>();
  const left = recording.filter((_one, i) => !goneEntries.has(i));
  return {
    ...fixture,
    messages: messages.filter((_one, i) => !goneMessages.has(i)),
    recording: left.map((entry) => {
      const key = `${entry.tool} ${entry.argumentsHash}`;
      const ordinal = seen.get(key) ?? 0;
      seen.set(key, ordinal + 1);
      return { ...entry, ordinal };
    }),
    failure: {
      ...failure,
      position: recording.slice(0, failure.position).filter((_one, i) => !goneEntries.has(i)).length,
    },
  };
}
