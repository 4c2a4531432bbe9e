import type { ChatStyle } from '../shared/chat/chatMessage.ts';

/** The benchmarks' own convention for a tool that failed; tau2 also flags it (`error: true`). */
const STYLE: ChatStyle = { errorPrefix: 'Error: ' };

/** Where the episodes of a results file lie. */
export interface TauVariant {
  readonly name: string;
  /** The way from the document to the messages; its `*` before the last is the episode's position. */
  readonly messages: readonly string[];
  readonly style: ChatStyle;
}

export const TAU1: TauVariant = { name: 'tau-bench', messages: ['*', 'traj', '*'], style: STYLE };
export const TAU2: TauVariant = { name: 'tau2 results', messages: ['simulations', '*', 'messages', '*'], style: STYLE };
export const TAU2_SINGLE: TauVariant = {
  name: 'tau2 simulation with its task',
  messages: ['simulation_run', 'messages', '*'],
  style: STYLE,
};
export const TAU2_BARE: TauVariant = { name: 'tau2 simulation', messages: ['messages', '*'], style: STYLE };
