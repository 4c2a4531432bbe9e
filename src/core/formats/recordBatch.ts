import type { RecordPlace } from '../source/layout.ts';
import type { Json } from '../util/json.ts';
import type { Columns } from './format.ts';
import { type ParsedRecord, parseRecord } from './parseRecord.ts';
import { trimPlanOf } from './trimPlan.ts';
import { RecordTrimmer } from './trimRecord.ts';

/** Bytes of records that are decoded and parsed in one go. */
const BATCH = 128 * 1024;
/** Records of fewer bytes are parsed as they are; for larger ones it may pay to leave out what no column asks for. */
const WORTH_TRIMMING = 700;
/** It pays when no more than this share of the bytes is left: checking each of them costs as much as parsing it. */
const SHARE_LEFT = 0.5;
/** Records that are tried before it is clear that a file is not worth it. */
const TRIALS = 32;

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Takes a record's place and its value, in which what no column asks for may be missing. */
export type OnParsed = (place: RecordPlace, parsed: ParsedRecord) => void;

interface Waiting {
  readonly place: RecordPlace;
  readonly start: number;
  readonly end: number;
}

/**
 * Parses records by the batch, as one array: a call for each small record costs more than its bytes do. A batch that is
 * no JSON is parsed record by record, so that only the broken ones are lost. Records are handed on in their order.
 */
export class RecordBatch {
  private readonly trimmer = new RecordTrimmer();
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private text = new Uint8Array(2 * BATCH);
  private filled = 1;
  private waiting: Waiting[] = [];
  private readonly tried = { records: 0, bytes: 0, left: 0 };

  constructor(
    private readonly columnsOf: (place: RecordPlace) => Columns | undefined,
    private readonly onParsed: OnParsed,
  ) {
    this.text[0] = OPEN_BRACKET;
  }

  /** Takes a record; its bytes are not kept. */
  add(place: RecordPlace, bytes: Uint8Array): void {
    this.makeRoom(bytes.length + 1);
    const start = this.filled;
    let end = this.trim(place, bytes, start);
    if (end < 0) {
      this.text.set(bytes, start);
      end = start + bytes.length;
    }
    this.text[end] = COMMA;
    this.filled = end + 1;
    this.waiting.push({ place, start, end });
    if (this.filled > BATCH) this.flush();
  }

  /** Hands on all records taken so far. */
  flush(): void {
    const { waiting } = this;
    this.waiting = [];
    const values = this.parse(waiting.length);
    for (const [i, { place, start, end }] of waiting.entries()) {
      const value = values?.[i];
      this.onParsed(place, value === undefined ? parseRecord(this.text.subarray(start, end)) : { value });
    }
    this.filled = 1;
  }

  private trim(place: RecordPlace, bytes: Uint8Array, start: number): number {
    const { tried } = this;
    if (bytes.length < WORTH_TRIMMING) return -1;
    if (tried.records >= TRIALS && tried.left > tried.bytes * SHARE_LEFT) return -1;
    const columns = this.columnsOf(place);
    if (columns === undefined) return -1;
    const end = this.trimmer.trim(bytes, trimPlanOf(columns), this.text, start);
    tried.records++;
    tried.bytes += bytes.length;
    tried.left += end < 0 ? bytes.length : end - start;
    return end;
  }

  private parse(count: number): Json[] | undefined {
    if (count === 0) return undefined;
    this.text[this.filled - 1] = CLOSE_BRACKET;
    try {
      const values: unknown = JSON.parse(this.decoder.decode(this.text.subarray(0, this.filled)));
      return Array.isArray(values) && values.length === count ? values : undefined;
    } catch {
      return undefined;
    }
  }

  private makeRoom(size: number): void {
    if (this.filled + size <= this.text.length) return;
    this.flush();
    if (this.filled + size <= this.text.length) return;
    this.text = new Uint8Array(size + 1);
    this.text[0] = OPEN_BRACKET;
  }
}
