import type { ByteSource } from '../source/byteSource.ts';
import { type Decline, declineOf, unknownContent } from './declines.ts';
import type { Detection, Format, Head } from './format.ts';
import { readHead } from './head.ts';
import { FORMATS } from './registry.ts';

export interface RecognisedFile {
  readonly format: Format;
  readonly head: Head;
  readonly detection: Detection;
}

export type Recognised = ({ readonly ok: true } & RecognisedFile) | { readonly ok: false; readonly decline: Decline };

/** 64 KiB of head tell nearly every file; a first record that is larger than that gets a second, longer look. */
const LONGER_HEAD = 2 * 1024 * 1024;

/** Which format a file is of, by the first in the list that knows its content; or why it is no trace. */
export async function recognise(source: ByteSource): Promise<Recognised> {
  for (const length of [undefined, LONGER_HEAD]) {
    const head = await readHead(source, length);
    const decline = declineOf(head);
    if (decline !== undefined) return { ok: false, decline };
    for (const format of FORMATS) {
      const detection = format.detect(head);
      if (detection !== undefined) return { ok: true, format, head, detection };
    }
    if (head.complete) return { ok: false, decline: unknownContent(head) };
  }
  return { ok: false, decline: unknownContent(await readHead(source)) };
}
