/**
 * The orders agent of a small shop. Its "model" is a handful of rules, so that it runs offline and decides the same way
 * every time; swap `decide` for a call to your model and nothing else changes.
 *
 * It has a bug: asked to cancel a duplicate order, it cancels the newest one. The recorded run is
 * ../traces/cancel-duplicate-order.trace.json.
 */

interface Order {
  order_id: string;
  placed_at: string;
  items: { sku: string; quantity: number }[];
}

/** The order that repeats an earlier one. `orders` are oldest first. */
function findDuplicate(orders: Order[]): Order | undefined {
  // The bug: "the duplicate" is taken to be the newest order.
  return orders.at(-1);
  // The fix: delete the line above and uncomment the one below.
  // return orders.find((order, i) => orders.slice(0, i).some((earlier) => sameItems(earlier, order)));
}

function sameItems(a: Order, b: Order): boolean {
  return JSON.stringify(a.items) === JSON.stringify(b.items);
}

/** Decides the next step from the conversation so far: a tool call, or the final answer. */
function decide(messages: Message[]): Decision {
  const customer = resultOf(messages, 'find_customer');
  if (customer === undefined) {
    const email = /[\w.+-]+@[\w.-]+\w|<EMAIL_\d+>/.exec(goalOf(messages))?.[0] ?? '';
    return { call: 'find_customer', arguments: { email } };
  }
  const orders = resultOf(messages, 'list_orders') as Order[] | undefined;
  if (orders === undefined) {
    return { call: 'list_orders', arguments: { customer_id: (customer as { customer_id: string }).customer_id } };
  }
  const duplicate = findDuplicate(orders);
  if (duplicate === undefined) return { say: 'I found no order that repeats another one, so I cancelled nothing.' };
  if (resultOf(messages, 'cancel_order') === undefined) {
    return { call: 'cancel_order', arguments: { order_id: duplicate.order_id, reason: 'duplicate' } };
  }
  return { say: `I cancelled the duplicate order ${duplicate.order_id}.` };
}

/** The agent as Hindstep calls it: runs until it has an answer, and answers it. */
export async function agent({ messages, callTool }: AgentInput): Promise<string> {
  const conversation = [...messages];
  for (let turn = 0; turn < 20; turn++) {
    const decision = decide(conversation);
    if ('say' in decision) return decision.say;
    const id = `turn-${turn}`;
    const result = await callTool(decision.call, decision.arguments);
    conversation.push(
      { role: 'assistant', content: '', toolCalls: [{ id, name: decision.call, arguments: decision.arguments }] },
      { role: 'tool', toolCallId: id, content: typeof result === 'string' ? result : JSON.stringify(result) },
    );
  }
  return 'I could not finish this in 20 turns.';
}

interface Message {
  role: string;
  content: string;
  toolCalls?: { id: string; name: string; arguments: Record<string, unknown> }[];
  toolCallId?: string;
}

interface AgentInput {
  goal: string;
  messages: Message[];
  tools: { name: string }[];
  callTool: (name: string, args: Record<string, unknown>) => Promise<unknown>;
}

type Decision = { call: string; arguments: Record<string, unknown> } | { say: string };

function goalOf(messages: Message[]): string {
  return messages.find((message) => message.role === 'user')?.content ?? '';
}

/** What a tool answered, parsed; undefined when it was not called yet. */
function resultOf(messages: Message[], tool: string): unknown {
  const call = messages.flatMap((message) => message.toolCalls ?? []).find((made) => made.name === tool);
  const answer = messages.find((message) => call !== undefined && message.toolCallId === call.id);
  if (answer === undefined) return undefined;
  try {
    return JSON.parse(answer.content);
  } catch {
    return answer.content;
  }
}
