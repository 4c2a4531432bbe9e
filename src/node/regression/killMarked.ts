import { readdirSync, readFileSync } from 'node:fs';

/** All that a program starts inherits this variable, also what makes itself the leader of a session of its own. */
export const MARK = 'HINDSTEP_STARTED';

/** Ends every process that was started with this mark in its environment. Only Linux tells which those are. */
export function killMarked(mark: string): void {
  if (process.platform !== 'linux') return;
  // What is ended may just have started another one.
  for (let round = 0; round < 5; round++) {
    const left = marked(mark);
    if (left.length === 0) return;
    for (const id of left) kill(id);
  }
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function marked(mark: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => environmentOf(id).includes(`${MARK}=${mark}`)).map(Number);
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'latin1');
  } catch {
    // It has ended, or is somebody else's.
    return '';
  }
}
