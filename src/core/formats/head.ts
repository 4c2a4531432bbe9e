import { parse as parseTolerant } from 'jsonc-parser';
import type { ByteSource } from '../source/byteSource.ts';
import type { Encoding } from '../source/layout.ts';
import { type Json, tryParse } from '../util/json.ts';
import type { Head } from './format.ts';

const HEAD = 64 * 1024;
const TAIL = 4 * 1024;
const MAX_SAMPLES = 50;

/** Reads what detection may look at: `length` bytes (default 64 KiB) and the last 4 KiB. */
export async function readHead(source: ByteSource, length = HEAD): Promise<Head> {
  const text = new TextDecoder().decode(await source.read(0, length));
  const complete = source.size <= length;
  const tail = complete ? '' : new TextDecoder().decode(await source.read(source.size - TAIL, TAIL));
  const encoding = encodingOf(text, complete);
  return { name: source.name, encoding, text, tail, size: source.size, complete, sample: sampleOf(text, encoding) };
}

/**
 * Tells one document from JSON Lines from concatenated documents by the content: the first line is a whole value and
 * another follows (`jsonl`), or a whole value ends and another begins later (`concatenated`).
 */
function encodingOf(text: string, complete: boolean): Encoding {
  const lines = text.split('\n');
  const whole = complete ? lines : lines.slice(0, -1);
  const filled = whole.map((line) => line.trim()).filter((line) => line !== '');
  const first = filled[0];
  if (first !== undefined && filled.length > 1 && isDocument(first)) return 'jsonl';
  // A torn or foreign first line does not make JSON Lines something else.
  const documents = filled.slice(0, 20).filter(isDocument).length;
  if (filled.length > 2 && documents * 2 > Math.min(filled.length, 20)) return 'jsonl';
  if (tryParse(text) !== undefined) return 'json';
  return /^[}\]]\s*[{[]/m.test(text) && text.trimStart().startsWith('{') ? 'concatenated' : 'json';
}

function isDocument(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}') && tryParse(line) !== undefined;
}

function sampleOf(text: string, encoding: Encoding): Json {
  switch (encoding) {
    case 'json':
      return tryParse(text) ?? (parseTolerant(text, [], { allowTrailingComma: true }) as Json | undefined) ?? null;
    case 'jsonl': {
      const samples: Json[] = [];
      for (const line of text.split('\n')) {
        if (samples.length >= MAX_SAMPLES) break;
        const value = tryParse(line.trim());
        if (value !== undefined) samples.push(value);
      }
      return samples;
    }
    case 'concatenated': {
      const samples: Json[] = [];
      for (const part of text.split(/(?<=^[}\]])\s*(?=[{[])/m)) {
        if (samples.length >= MAX_SAMPLES) break;
        const value = tryParse(part);
        if (value !== undefined) samples.push(value);
      }
      return samples;
    }
  }
}
