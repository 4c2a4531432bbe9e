import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from './session.ts';
import { useSelected } from './store.ts';
import type { View } from './view.ts';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('There is no session above this component.');
  return session;
}

/** The part of the view that a component draws. `select` must answer the same value for the same state. */
export function useView<T>(select: (view: View) => T): T {
  return useSelected(useSession().store, select);
}
