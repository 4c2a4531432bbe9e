import { err, ok, type Result } from '../../core/util/result.ts';

const MARK = /^(?:\/\/|#|""")\s*hindstep-replay (\d+):/;

/**
 * Which helper the tests of a folder will have: the one that stands there, or ours when there is none or an older one.
 * A file of that name that is not a helper is never touched.
 */
export function helperFor(name: string, ours: string, standing: string | undefined): Result<'ours' | 'standing'> {
  if (standing === undefined) return ok('ours');
  const version = MARK.exec(standing)?.[1];
  if (version === undefined) {
    return err(`There is a ${name} in this folder that Hindstep did not write. Choose another folder, or rename it.`);
  }
  return ok(Number(version) < Number(MARK.exec(ours)?.[1] ?? 0) ? 'ours' : 'standing');
}
