import { byBeginning, type Forest, isUnder, type Node, nearestAbove } from './forest.ts';
import { pairCalls } from './pairCalls.ts';
import type { CallFacts, Said } from './said.ts';
import type { Span } from './span.ts';

/** One decision of a model with everything in the trace that belongs to it. */
export interface Decision {
  /** The model call; the outermost one when two instrumentations saw the same call. */
  readonly chat: Node;
  /** The same call as other instrumentations saw it, nested inside. */
  readonly inner: readonly Node[];
  readonly actions: readonly DecidedAction[];
  /** Later model calls whose input shows what this one asked for, or what its tools answered. */
  readonly evidence: readonly Node[];
}

export interface DecidedAction {
  readonly call: CallFacts | undefined;
  readonly tool: Node | undefined;
  /** The tool's answer in a later model call, where its own span has none. */
  readonly answer: Said['answers'][number] | undefined;
}

export interface Decisions {
  /** By the model call they belong to; the others nested in one lead to the same decision. */
  readonly of: ReadonlyMap<Node, Decision>;
  /** Tool spans that some decision asked for. */
  readonly owned: ReadonlySet<Node>;
}

/** Inner spans of a model call begin while it runs; later calls that serve as evidence don't. */
export function isInside(span: Span, outer: Span): boolean {
  if (span.parentId === outer.id) return true;
  return span.begin !== undefined && outer.finish !== undefined && span.begin < outer.finish;
}

/** Finds the model calls of a trace, the tools each of them asked for, and their answers. */
export function findDecisions({ nodes }: Forest): Decisions {
  const groups = chatGroups(nodes);
  const chats = [...groups.keys()];
  const toolsOf = assignTools(nodes, groups);
  const answered = answersById(chats);
  const of = new Map<Node, Decision>();
  const asked = new Set<string>();
  for (const [index, chat] of chats.entries()) {
    const inner = groups.get(chat) ?? [];
    const decision = decide(chat, inner, toolsOf.get(chat) ?? [], chats.slice(index + 1, index + 9), answered, asked);
    for (const { call } of decision.actions) if (call?.id !== undefined) asked.add(call.id);
    for (const node of [chat, ...inner]) of.set(node, decision);
  }
  return { of, owned: new Set([...toolsOf.values()].flat()) };
}

/** Outermost model calls in order of their beginning, each with those nested in it. */
function chatGroups(nodes: readonly Node[]): Map<Node, Node[]> {
  const groups = new Map<Node, Node[]>();
  const outermost = new Map<Node, Node>();
  for (const node of nodes) {
    if (node.span.role !== 'chat') continue;
    const above = nearestAbove(node);
    const outer = above === undefined ? undefined : outermost.get(above);
    outermost.set(node, outer ?? node);
    if (outer === undefined) groups.set(node, []);
    else groups.get(outer)?.push(node);
  }
  return groups;
}

function callsOf(chat: Node, inner: readonly Node[]): readonly CallFacts[] {
  return [chat, ...inner].map((node) => node.said?.calls ?? []).find((calls) => calls.length > 0) ?? [];
}

function assignTools(nodes: readonly Node[], groups: ReadonlyMap<Node, Node[]>): Map<Node, Node[]> {
  const asking = new Map<string, Node[]>();
  const outermost = new Map<Node, Node>();
  const inPlace = new Map<Node | undefined, Node[]>();
  for (const [chat, inner] of groups) {
    for (const node of [chat, ...inner]) outermost.set(node, chat);
    for (const { id } of callsOf(chat, inner)) if (id !== undefined) asking.set(id, [...(asking.get(id) ?? []), chat]);
    const place = nearestAbove(chat);
    inPlace.set(place, [...(inPlace.get(place) ?? []), chat]);
  }
  const toolsOf = new Map<Node, Node[]>();
  for (const tool of nodes) {
    if (tool.span.tool === undefined) continue;
    const above = nearestAbove(tool);
    const before = (chats: readonly Node[] | undefined) => lastBefore(chats ?? [], tool);
    const chat =
      before(asking.get(tool.span.tool.callId ?? '')) ??
      (above === undefined ? undefined : outermost.get(above)) ??
      mayHaveAsked(before(inPlace.get(above)), groups, tool);
    if (chat !== undefined) toolsOf.set(chat, [...(toolsOf.get(chat) ?? []), tool]);
  }
  return toolsOf;
}

function lastBefore(chats: readonly Node[], tool: Node): Node | undefined {
  return chats.findLast((chat) => byBeginning(chat, tool) <= 0 && !isUnder(chat, tool));
}

/** A model call that records its answer must have asked for a tool of that name; one that doesn't may have. */
function mayHaveAsked(chat: Node | undefined, groups: ReadonlyMap<Node, Node[]>, tool: Node): Node | undefined {
  if (chat === undefined) return undefined;
  const group = [chat, ...(groups.get(chat) ?? [])];
  if (!group.some(({ said }) => said?.outputRecorded === true)) return chat;
  return callsOf(chat, group).some((call) => call.tool === tool.span.tool?.name) ? chat : undefined;
}

interface Answered {
  readonly chat: Node;
  readonly answer: Said['answers'][number];
}

function answersById(chats: readonly Node[]): Map<string, Answered[]> {
  const answers = new Map<string, Answered[]>();
  for (const chat of chats) {
    for (const answer of chat.said?.answers ?? []) {
      answers.set(answer.id, [...(answers.get(answer.id) ?? []), { chat, answer }]);
    }
  }
  return answers;
}

function decide(
  chat: Node,
  inner: readonly Node[],
  tools: readonly Node[],
  later: readonly Node[],
  answered: ReadonlyMap<string, readonly Answered[]>,
  asked: ReadonlySet<string>,
): Decision {
  const evidence = new Set<Node>();
  let calls = callsOf(chat, inner);
  const silent = ![chat, ...inner].some(({ said }) => said?.outputRecorded === true);
  if (silent) {
    const next = later.find((other) => nearestAbove(other) === nearestAbove(chat) && !isInside(other.span, chat.span));
    const recovered = next?.said?.asked ?? [];
    if (next !== undefined && recovered.length > 0 && recovered.every(({ id }) => id !== undefined && !asked.has(id))) {
      calls = recovered;
      evidence.add(next);
    }
  }
  const paired = pairCalls(
    calls,
    tools.map((node) => ({ id: node.span.tool?.callId, tool: node.span.tool?.name ?? '', node })),
  );
  const actions = paired.map(({ call, tool }): DecidedAction => {
    const id = call?.id ?? tool?.id;
    const found =
      id === undefined || tool?.node.span.tool?.resultRecorded === true
        ? undefined
        : answered.get(id)?.find((other) => byBeginning(other.chat, chat) > 0 && !isInside(other.chat.span, chat.span));
    if (found !== undefined) evidence.add(found.chat);
    return { call, tool: tool?.node, answer: found?.answer };
  });
  return { chat, inner, actions, evidence: [...evidence] };
}
