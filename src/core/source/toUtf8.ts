import { type ByteSource, memorySource } from './byteSource.ts';

/**
 * The source as UTF-8 without a byte-order mark. A UTF-8 mark is skipped; UTF-16 (what PowerShell's `>` writes) is
 * transcoded in memory. Offsets are those of the answered source.
 */
export async function toUtf8(source: ByteSource): Promise<ByteSource> {
  const [a, b, c] = await source.read(0, 3);
  if (a === 0xef && b === 0xbb && c === 0xbf) return blankMark(source);
  if (a === 0xff && b === 0xfe) return transcode(source, 'utf-16le');
  if (a === 0xfe && b === 0xff) return transcode(source, 'utf-16be');
  return source;
}

/** Blanks the mark instead of cutting it, so that offsets stay those of the file. */
function blankMark(source: ByteSource): ByteSource {
  return {
    name: source.name,
    size: source.size,
    read: async (offset, length) => {
      const bytes = await source.read(offset, length);
      if (offset >= 3) return bytes;
      const copy = bytes.slice();
      copy.fill(0x20, 0, Math.max(0, 3 - offset));
      return copy;
    },
  };
}

async function transcode(source: ByteSource, label: 'utf-16le' | 'utf-16be'): Promise<ByteSource> {
  const text = new TextDecoder(label).decode(await source.read(0, source.size));
  return memorySource(source.name, new TextEncoder().encode(text));
}
