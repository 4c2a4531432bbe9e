import { describe, expect, it, vi } from 'vitest';
import { createStore } from './store.ts';

describe('createStore', () => {
  it('merges changes and tells listeners once', () => {
    const store = createStore({ step: 0, run: 'a' });
    const listener = vi.fn();
    store.subscribe(listener);
    store.set({ step: 2 });
    expect(store.get()).toEqual({ step: 2, run: 'a' });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('is silent when nothing is different', () => {
    const store = createStore({ step: Number.NaN });
    const listener = vi.fn();
    store.subscribe(listener);
    store.set({ step: Number.NaN });
    expect(listener).not.toHaveBeenCalled();
  });

  it('stops telling who has left', () => {
    const store = createStore({ step: 0 });
    const listener = vi.fn();
    store.subscribe(listener)();
    store.set({ step: 1 });
    expect(listener).not.toHaveBeenCalled();
  });
});
