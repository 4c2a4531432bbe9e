import { useEffect, useReducer, useRef } from 'preact/hooks';

/** One value that changes as a whole, and those who want to know. */
export interface Store<S> {
  get(): S;
  /** Merges a change; listeners are told once, at once, and only when something is different. */
  set(change: Partial<S>): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<S extends object>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (change) => {
      const next = { ...state, ...change };
      if (sameMembers(state, next)) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function sameMembers<S extends object>(a: S, b: S): boolean {
  for (const key in b) if (!Object.is(a[key], b[key])) return false;
  return true;
}

/** The part of a store that a component draws; it is drawn again only when that part is another. */
export function useSelected<S extends object, T>(store: Store<S>, select: (state: S) => T): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const selected = select(store.get());
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useEffect(() => {
    const check = () => {
      const { select: now, selected: drawn } = latest.current;
      if (!Object.is(now(store.get()), drawn)) redraw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
