import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ByteSource, memorySource } from './byteSource.ts';
import { readAhead } from './readAhead.ts';

function counted(size: number): { source: ByteSource; reads: () => number } {
  const inner = memorySource(
    't',
    Uint8Array.from({ length: size }, (_, i) => (i * 31) & 255),
  );
  let reads = 0;
  const read: ByteSource['read'] = (offset, length) => {
    reads++;
    return inner.read(offset, length);
  };
  return { source: { ...inner, read }, reads: () => reads };
}

it('reads the same bytes as the source, in any order', async () => {
  const { source } = counted(3_000_000);
  const place = fc.tuple(fc.nat(3_100_000), fc.nat(700_000));
  await fc.assert(
    fc.asyncProperty(fc.array(place, { maxLength: 8 }), async (places) => {
      const ahead = readAhead(source);
      for (const [offset, length] of places) {
        const [got, wanted] = [await ahead.read(offset, length), await source.read(offset, length)];
        expect([offset, length, Buffer.compare(got, wanted)]).toEqual([offset, length, 0]);
      }
    }),
    { numRuns: 30 },
  );
});

it('needs few reads for many small steps forward', async () => {
  const { source, reads } = counted(2_000_000);
  const ahead = readAhead(source);
  for (let offset = 0; offset < source.size; offset += 1000) await ahead.read(offset + 10, 900);
  expect(reads()).toBeLessThan(10);
});
