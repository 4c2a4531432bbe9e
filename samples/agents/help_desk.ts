/**
 * The help desk agent. Its "model" is a handful of rules, so that it runs offline and decides the same way every time;
 * swap `decide` for a call to your model and nothing else changes.
 *
 * It has a bug: asked to change a plan it says "Done!" without changing it. The recorded run is
 * ../traces/upgrade-plan-done.trace.json.
 */

interface Customer {
  customer_id: string;
  plan: string;
}

interface Plan {
  plan: string;
  price: number;
}

/** Whether the customer's plan must be changed to get the wanted one. */
function needsChange(customer: Customer, wanted: Plan): boolean {
  // The bug: this asks whether there is a customer without a plan, and everybody has one.
  return customer.plan === '' && wanted.plan !== '';
  // The fix: delete the line above and uncomment the one below.
  // return customer.plan !== wanted.plan;
}

/** Decides the next step from the conversation so far: a tool call, or the final answer. */
function decide(messages: Message[]): Decision {
  const goal = goalOf(messages);
  const customer = resultOf(messages, 'find_customer') as Customer | undefined;
  if (customer === undefined) {
    const email = /[\w.+-]+@[\w.-]+\w|<EMAIL_\d+>/.exec(goal)?.[0] ?? '';
    return { call: 'find_customer', arguments: { email } };
  }
  const plans = resultOf(messages, 'list_plans') as Plan[] | undefined;
  if (plans === undefined) return { call: 'list_plans', arguments: {} };
  const wanted = plans.find(({ plan }) => goal.toLowerCase().includes(plan.toLowerCase()));
  if (wanted === undefined) return { say: 'Which plan would you like?' };
  if (needsChange(customer, wanted) && resultOf(messages, 'change_plan') === undefined) {
    return { call: 'change_plan', arguments: { customer_id: customer.customer_id, plan: wanted.plan } };
  }
  return { say: `Done! I've upgraded your account to the ${wanted.plan} plan for ${wanted.price} EUR a month.` };
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
