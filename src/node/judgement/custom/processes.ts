import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/**
 * Resident memory of a process and of all that it started, in bytes; undefined where the system does not tell (Windows).
 * What moved itself into a session of its own is counted on Linux only.
 */
export async function memoryOf(pid: number): Promise<number | undefined> {
  switch (process.platform) {
    case 'linux':
      return memoryOfTree(pid);
    case 'win32':
      return undefined;
    default:
      return memoryOfGroup(pid);
  }
}

async function memoryOfTree(pid: number): Promise<number> {
  let total = 0;
  const waiting = [pid];
  const seen = new Set<number>();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    const status = await readFile(`/proc/${one}/status`, 'utf8').catch(() => '');
    total += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    const children = await readFile(`/proc/${one}/task/${one}/children`, 'utf8').catch(() => '');
    waiting.push(...children.split(' ').filter(Boolean).map(Number));
  }
  return total;
}

function memoryOfGroup(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pgid=,rss='], (thrown, output) => {
      if (thrown !== null) return resolve(undefined);
      const own = output
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter(([group]) => group === pid);
      resolve(own.reduce((sum, [, kilobytes = 0]) => sum + kilobytes * 1024, 0));
    });
  });
}

/**
 * Ends the processes that were started with this text in their environment, also those that left their parent's group.
 * Only Linux tells the environment; elsewhere it does nothing.
 */
export async function endMarked(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      if (!environment.includes(mark) || pid === process.pid) return;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }),
  );
}
