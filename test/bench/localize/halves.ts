import { createHash } from 'node:crypto';

/** Half 0 or 1 of a set, told by a hash of the task: what helps must help in both. */
export function halfOf(task: string): 0 | 1 {
  return ((createHash('sha1').update(`half ${task}`).digest()[0] ?? 0) & 1) === 0 ? 0 : 1;
}
