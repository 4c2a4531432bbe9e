import type { ByteSource } from './byteSource.ts';

/** Bytes read at a time while records are read in file order. */
const AHEAD = 512 * 1024;
/** How far past the last read the next one may begin to count as going forward. */
const NEAR = 64 * 1024;

/**
 * The same bytes by fewer reads, for a reader that goes forward (an evaluator streaming past all steps): a small read
 * just after the last one fetches half a megabyte, and the next ones come from memory. A read elsewhere stays as it is.
 */
export function readAhead(source: ByteSource): ByteSource {
  let start = 0;
  let block: Uint8Array = new Uint8Array(0);
  return {
    name: source.name,
    size: source.size,
    read: async (offset, length) => {
      const end = start + block.length;
      const inside = offset >= start && offset + length <= end;
      if (!inside) {
        const forward = offset >= start && offset <= end + NEAR;
        block = await source.read(offset, forward ? Math.max(length, AHEAD) : length);
        start = offset;
      }
      return block.subarray(offset - start, offset - start + length);
    },
  };
}
