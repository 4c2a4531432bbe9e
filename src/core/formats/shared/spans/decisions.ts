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

/**
 * Outermost model calls in order of their beginning, each with those that are the same call as other instrumentations
 * saw it: nested in it, or beside it while it ran, with the same answer.
 */
function chatGroups(nodes: readonly Node[]): Map<Node, Node[]> {
  const groups = new Map<Node, Node[]>();
  const outermost = new Map<Node, Node>();
  let running: Node[] = [];
  for (const node of nodes) {
    if (node.span.role !== 'chat') continue;
    running = running.filter(({ span }) => (span.finish ?? 0) >= (node.span.begin ?? Number.MAX_VALUE));
    const above = nearestAbove(node);
    const outer =
      (above === undefined ? undefined : outermost.get(above)) ?? running.find((other) => isSame(other, node));
    outermost.set(node, outer ?? node);
    if (outer !== undefined) {
      groups.get(outer)?.push(node);
      continue;
    }
    groups.set(node, []);
    running.push(node);
  }
  return groups;
}

/** Two instrumentations of one call: they have names of their own, and one of them lost what is around it. */
function isSame(outer: Node, inner: Node): boolean {
  const [one, other] = [outer.said, inner.said];
  if (one === undefined || other === undefined || outer.span.name === inner.span.name) return false;
  if ((outer.span.finish ?? 0) < (inner.span.finish ?? Number.MAX_VALUE)) return false;
  if (nearestAbove(outer) !== undefined && nearestAbove(inner) !== undefined) return false;
  const calls = (said: Said) => said.calls.map(({ tool, preview }) => `${tool} ${preview}`).join('\n');
  return one.text === other.text && calls(one) === calls(other) && (one.text !== '' || one.calls.length > 0);
}

function callsOf(chat: Node, inner: readonly Node[]): readonly CallFacts[] {
  return [chat, ...inner].map((node) => node.said?.calls ?? []).find((calls) => calls.length > 0) ?? [];
}

/** Gives each tool to the call that asked for it; one walk in order of beginning, so "latest" is what came before. */
function assignTools(nodes: readonly Node[], groups: ReadonlyMap<Node, Node[]>): Map<Node, Node[]> {
  const asking = new Map<string, Node>();
  const outermost = new Map<Node, Node>();
  const latestIn = new Map<Node | undefined, Node>();
  const toolsOf = new Map<Node, Node[]>();
  for (const node of nodes) {
    const inner = groups.get(node);
    if (inner !== undefined) {
      for (const member of [node, ...inner]) outermost.set(member, node);
      for (const { id } of callsOf(node, inner)) if (id !== undefined) asking.set(id, node);
      latestIn.set(nearestAbove(node), node);
    }
    if (node.span.tool === undefined) continue;
    const above = nearestAbove(node);
    const around = above === undefined ? undefined : outermost.get(above);
    const chat =
      // Some writers number calls anew with every decision: the call that the tool stands in is the nearest of its name.
      (around !== undefined && asks(around, groups, node.span.tool.callId) ? around : undefined) ??
      notUnder(asking.get(node.span.tool.callId ?? ''), node) ??
      around ??
      mayHaveAsked(notUnder(latestIn.get(above), node), groups, node);
    if (chat === undefined) continue;
    const tools = toolsOf.get(chat);
    if (tools === undefined) toolsOf.set(chat, [node]);
    else tools.push(node);
  }
  return toolsOf;
}

function asks(chat: Node, groups: ReadonlyMap<Node, Node[]>, callId: string | undefined): boolean {
  return callId !== undefined && callsOf(chat, groups.get(chat) ?? []).some(({ id }) => id === callId);
}

/** A model call inside of a tool can't have asked for it. */
function notUnder(chat: Node | undefined, tool: Node): Node | undefined {
  return chat === undefined || isUnder(chat, tool) ? undefined : chat;
}

/** A model call that records its answer must have asked for a tool of that name; one that doesn't may have. */
function mayHaveAsked(chat: Node | undefined, groups: ReadonlyMap<Node, Node[]>, tool: Node): Node | undefined {
  if (chat === undefined) return undefined;
  const group = [chat, ...(groups.get(chat) ?? [])];
  if (!group.some(({ said }) => said?.outputRecorded === true)) return chat;
  const calls = callsOf(chat, group);
  // Some record the words of an answer without its calls, and that it ended in calls.
  const silent =
    calls.length === 0 &&
    group.some(({ span, said }) => /tool|function/i.test(span.finishReason ?? said?.finishReason ?? ''));
  // An agent that writes code calls its tools in that; a wrapper around the two tells that they are one step.
  const wrapped = calls.length === 0 && chat.parent === tool.parent && chat.parent !== nearestAbove(chat);
  return silent || wrapped || calls.some((call) => call.tool === tool.span.tool?.name) ? chat : undefined;
}

function isLater(other: Node, chat: Node): boolean {
  return byBeginning(other, chat) > 0 && !isInside(other.span, chat.span);
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
    tools.map((node) => ({
      id: node.span.tool?.callId,
      tool: node.span.tool?.name ?? '',
      preview: node.span.tool?.preview,
      node,
    })),
  );
  const actions = paired.map(({ call, tool }): DecidedAction => {
    const id = call?.id ?? tool?.id;
    const found =
      id === undefined || tool?.node.span.tool?.resultRecorded === true
        ? undefined
        : answered.get(id)?.find((other) => (other.answer.own ? other.chat === chat : isLater(other.chat, chat)));
    if (found !== undefined) evidence.add(found.chat);
    return { call, tool: tool?.node, answer: found?.answer };
  });
  return { chat, inner, actions, evidence: [...evidence] };
}
