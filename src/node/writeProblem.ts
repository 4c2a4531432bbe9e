/** Why a file can't be written where nothing but the disk is in the way, in a sentence; undefined for all else. */
export function writeProblem(thrown: unknown, where: string): string | undefined {
  switch (codeOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no room left on the disk of ${where}. Nothing was written; make room and try again.`;
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return `${where} can't be written to: it is read-only for you, or the disk is. Nothing was written.`;
    case 'ENOTDIR':
      return `${where} can't be made: a file stands where a folder should be. Nothing was written.`;
    default:
      return undefined;
  }
}

/** The code of a system error, such as `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
