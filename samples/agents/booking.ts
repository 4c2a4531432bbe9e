/**
 * The booking agent of a small travel office. Its "model" is a handful of rules, so that it runs offline and decides the
 * same way every time; swap `decide` for a call to your model and nothing else changes.
 *
 * It has a bug: a charge that timed out is sent again, though the first may have gone through. The recorded run is
 * ../traces/book-flight-timeout.trace.json.
 */

interface Flight {
  flight: string;
  departs: string;
  price: number;
  currency: string;
}

/** Whether a charge that failed like this may be sent again. */
function mayChargeAgain(failure: string): boolean {
  // The bug: after a timeout nobody knows whether the card was charged.
  return /timed out|declined by the network/.test(failure);
  // The fix: delete the line above and uncomment the one below.
  // return /declined by the network/.test(failure);
}

/** Decides the next step from the conversation so far: a tool call, or the final answer. */
function decide(messages: Message[]): Decision {
  const goal = goalOf(messages);
  const flights = resultOf(messages, 'search_flights') as Flight[] | undefined;
  if (flights === undefined) return { call: 'search_flights', arguments: wantedFlight(goal) };
  const flight = flights.find(({ departs }) => goal.includes(departs));
  if (flight === undefined) return { say: 'There is no flight at that time.' };
  const seat = goal.includes('window') ? '14A' : '14C';
  const hold = resultOf(messages, 'hold_seat') as { hold: string } | undefined;
  if (hold === undefined) return { call: 'hold_seat', arguments: { flight: flight.flight, seat } };
  const payment = resultOf(messages, 'charge_card');
  if (payment === undefined || (typeof payment === 'string' && mayChargeAgain(payment))) {
    const { price: amount, currency } = flight;
    return { call: 'charge_card', arguments: { amount, currency, reference: hold.hold } };
  }
  if (typeof payment === 'string') {
    return { say: `I hold seat ${seat}, but can not tell whether your card was charged (${payment}). Please check it.` };
  }
  const ticket = resultOf(messages, 'issue_ticket') as { ticket: string } | undefined;
  if (ticket === undefined) {
    const { payment_id } = payment as { payment_id: string };
    return { call: 'issue_ticket', arguments: { flight: flight.flight, seat, payment_id } };
  }
  return { say: `Your ticket ${ticket.ticket} for ${flight.flight}, seat ${seat}, is issued.` };
}

const CITIES: Record<string, string> = { Lisbon: 'LIS', Berlin: 'BER', Madrid: 'MAD', Paris: 'PAR' };
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Where from, where to and on which day of 2026, out of a sentence. */
function wantedFlight(goal: string): Record<string, string> {
  const [, from = '', to = ''] = /from (\w+) to (\w+)/.exec(goal) ?? [];
  const [, day = '', month = ''] = /(\d+) ([A-Z]\w+)/.exec(goal) ?? [];
  const date = `2026-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return { from: CITIES[from] ?? from, to: CITIES[to] ?? to, date };
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

/** What a tool answered last, parsed; undefined when it was not called yet. */
function resultOf(messages: Message[], tool: string): unknown {
  const calls = messages.flatMap((message) => message.toolCalls ?? []);
  const call = calls.filter((made) => made.name === tool).at(-1);
  const answer = messages.find((message) => call !== undefined && message.toolCallId === call.id);
  if (answer === undefined) return undefined;
  try {
    return JSON.parse(answer.content);
  } catch {
    return answer.content;
  }
}
