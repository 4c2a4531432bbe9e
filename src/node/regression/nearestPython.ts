import { dirname } from 'node:path';
import { pythons } from './runners.ts';

/** The Python of the nearest folder above that has an environment of its own, else the one on the PATH. */
export async function nearestPython(folder: string): Promise<string | undefined> {
  for (let here = folder; ; here = dirname(here)) {
    const [python] = await pythons(here);
    if (python === undefined || python.program.startsWith(here) || dirname(here) === here) return python?.program;
  }
}
