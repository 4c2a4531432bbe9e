import { type FSWatcher, watch } from 'node:fs';

/** Changes are gathered for this long, in ms: an editor that saves a file writes, renames and removes. */
const GATHER = 200;
/** What people write agents and prompts in. All else may be what an agent leaves behind, and would start it for ever. */
const SOURCE = /\.(?:[cm]?[jt]sx?|py|md|txt|toml|ya?ml)$|\.fixture\.json$|^package\.json$/;

/** Resolves some time after a source file in one of the folders was written, made or removed, or when the signal aborts. */
export async function untilChange(folders: readonly string[], signal: AbortSignal): Promise<void> {
  const watchers: FSWatcher[] = [];
  try {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      for (const folder of folders) {
        try {
          // Folder by folder: watching a tree would go through what is installed in it.
          const watcher = watch(folder, (_event, name) => {
            if (name === null || SOURCE.test(name)) setTimeout(resolve, GATHER);
          });
          watchers.push(watcher.on('error', () => watcher.close()));
        } catch {
          // A folder that is gone, or one too many for the system, is not watched.
        }
      }
    });
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
