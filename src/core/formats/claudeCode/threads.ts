import type { Line } from './line.ts';
import { userTextKind } from './userText.ts';

/** A line of talk that becomes a run: a session, a sub-agent in it, or a branch that the user went back from. */
export interface Thread {
  readonly id: string;
  readonly kind: 'session' | 'sub-agent' | 'fork';
  readonly session: string;
  readonly agentId: string | undefined;
  /** The call that started a sub-agent, where the lines say so (`stream-json`). */
  readonly startedBy: string | undefined;
  /** For a fork: the thread it left, and the record after which it did. */
  readonly forkOf: { readonly id: string; readonly after: string } | undefined;
  readonly lines: Line[];
}

/** Sorts lines (already those that show something) into threads, each in file order. */
export function threadsOf(lines: readonly Line[]): Thread[] {
  const byUuid = new Map<string, Line>();
  for (const line of lines) if (line.uuid !== undefined) byUuid.set(line.uuid, line);
  const abandoned = abandonedBranches(lines, byUuid);
  const threads = new Map<string, Thread>();
  let session = 'session';
  for (const line of lines) {
    session = line.session ?? session;
    // Nearly every line is the session's own.
    const own = line.parentToolUse === undefined && !line.sidechain && !abandoned.has(line);
    const known = own ? threads.get(session) : undefined;
    if (known !== undefined) {
      known.lines.push(line);
      continue;
    }
    const made = threadFor(line, session, byUuid, abandoned);
    const thread = threads.get(made.id) ?? made;
    threads.set(made.id, thread);
    thread.lines.push(line);
  }
  return [...threads.values()];
}

function threadFor(
  line: Line,
  session: string,
  byUuid: ReadonlyMap<string, Line>,
  abandoned: ReadonlyMap<Line, Line>,
): Thread {
  const common = { session, agentId: undefined, startedBy: undefined, forkOf: undefined, lines: [] };
  if (line.parentToolUse !== undefined) {
    return { ...common, id: `${session}/${line.parentToolUse}`, kind: 'sub-agent', startedBy: line.parentToolUse };
  }
  if (line.sidechain) {
    const id = line.agentId ?? `${session}/${rootOf(line, byUuid)}`;
    return { ...common, id, kind: 'sub-agent', agentId: line.agentId };
  }
  const head = abandoned.get(line);
  if (head?.parentUuid === undefined) return { ...common, id: session, kind: 'session' };
  const forkOf = { id: session, after: head.parentUuid };
  return { ...common, id: `${session}/fork-${head.uuid ?? head.start}`, kind: 'fork', forkOf };
}

/** The first record of a sidechain, by the chain of parents. */
function rootOf(line: Line, byUuid: ReadonlyMap<string, Line>): string {
  const met = new Set<Line>();
  let here = line;
  for (;;) {
    met.add(here);
    const parent = here.parentUuid === undefined ? undefined : byUuid.get(here.parentUuid);
    if (parent === undefined || !parent.sidechain || met.has(parent)) return here.uuid ?? `byte-${here.start}`;
    here = parent;
  }
}

/**
 * Where a user goes back and asks anew, two prompts have the same parent; the last one asked is the session, the others
 * are branches. A branch in which the model never answered is no run of its own: its prompt stays where it stands.
 * Parallel tool results share parents too, so only prompts count. Answers each line of a branch with the branch's prompt.
 */
function abandonedBranches(lines: readonly Line[], byUuid: ReadonlyMap<string, Line>): Map<Line, Line> {
  const asked = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.parentUuid === undefined || line.sidechain || !isPrompt(line) || !byUuid.has(line.parentUuid)) continue;
    asked.set(line.parentUuid, [...(asked.get(line.parentUuid) ?? []), line]);
  }
  const heads = new Set([...asked.values()].flatMap((prompts) => prompts.slice(0, -1)));
  const branchOf = new Map<Line, Line>();
  for (const line of heads.size === 0 ? [] : lines) {
    const parent = line.parentUuid === undefined ? undefined : byUuid.get(line.parentUuid);
    const head = heads.has(line) ? line : parent === undefined ? undefined : branchOf.get(parent);
    if (head !== undefined) branchOf.set(line, head);
  }
  const answered = new Set([...branchOf].flatMap(([line, head]) => (line.type === 'assistant' ? [head] : [])));
  return new Map([...branchOf].filter(([, head]) => answered.has(head)));
}

function isPrompt(line: Line): boolean {
  if (line.type !== 'user' || line.meta || line.results.length > 0) return false;
  return line.texts.some((text) => userTextKind(text) === 'prompt');
}
