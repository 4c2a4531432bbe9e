const endings = new Set<() => void>();

/**
 * Has work done when this process ends before it is finished: the editor is closed, or the extension switched off, while
 * programs run and folders stand half-written. It must not wait for anything. Answers what takes it back.
 */
export function atEnd(work: () => void): () => void {
  if (endings.size === 0) process.once('exit', endAll);
  endings.add(work);
  return () => {
    endings.delete(work);
    if (endings.size === 0) process.off('exit', endAll);
  };
}

/** Does all that work at once. */
export function endAll(): void {
  process.off('exit', endAll);
  for (const work of endings) {
    try {
      work();
    } catch {
      // The rest must still be done.
    }
  }
  endings.clear();
}
