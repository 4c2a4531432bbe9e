import { parse as parseTolerant } from 'jsonc-parser';
import { type ByteSource, type Neighbours, noNeighbours } from '../source/byteSource.ts';
import type { RecordPlace } from '../source/layout.ts';
import { scanRecords } from '../source/scanRecords.ts';
import { toUtf8 } from '../source/toUtf8.ts';
import type { ByteRange, Problem, Run, Step, StepRow, Trace } from '../trace/model.ts';
import { type Json, tryParse } from '../util/json.ts';
import { pickCells } from './columns.ts';
import { type Decline, declineOf } from './declines.ts';
import type { Detection, Envelope, Format, Head, Outline, Reader } from './format.ts';
import { readHead } from './head.ts';
import { FORMATS } from './registry.ts';

export interface OpenOptions {
  readonly neighbours?: Neighbours;
  readonly signal?: AbortSignal;
  /** Bytes read so far of `total`. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** A record of a step as it stands in the file. */
export interface RawPart {
  readonly range: ByteRange;
  readonly sourceName: string;
  readonly text: string;
}

/** An opened trace: the outline in memory, bodies on demand. */
export interface OpenTrace {
  readonly trace: Trace;
  run(id: string): Run | undefined;
  /** The whole step, read and parsed from its byte ranges. Rejects with a sentence when the bytes can't be read. */
  step(run: Run, index: number): Promise<Step>;
  /** The bodies of steps `[from, to)` in order; for evaluators, which stream past all of them once. */
  steps(run: Run, from?: number, to?: number, signal?: AbortSignal): AsyncGenerator<Step>;
  /** The records of a step, verbatim. */
  raw(row: StepRow): Promise<RawPart[]>;
}

export type Opened =
  | { readonly ok: true; readonly value: OpenTrace }
  | { readonly ok: false; readonly decline: Decline };

/** Opens a trace of any known format, told by its content. */
export async function openTrace(original: ByteSource, options: OpenOptions = {}): Promise<Opened> {
  const source = await toUtf8(original);
  const recognised = await recognise(source);
  if (!recognised.ok) return recognised;
  const { format, head, detection } = recognised;
  const files = new Files(options);
  const outline = await files.read(source, format, head, detection);
  return { ok: true, value: new TraceFiles(format, detection, outline, files) };
}

type Recognised = { ok: true; format: Format; head: Head; detection: Detection } | { ok: false; decline: Decline };

/** 64 KiB of head tell nearly every file; a first record that is larger than that gets a second, longer look. */
const LONGER_HEAD = 2 * 1024 * 1024;

async function recognise(source: ByteSource): Promise<Recognised> {
  for (const length of [undefined, LONGER_HEAD]) {
    const head = await readHead(source, length);
    const decline = declineOf(head);
    if (decline !== undefined && decline.reason !== 'unknown') return { ok: false, decline };
    for (const format of FORMATS) {
      const detection = format.detect(head);
      if (detection !== undefined) return { ok: true, format, head, detection };
    }
    if (head.complete || length !== undefined) return { ok: false, decline: decline ?? unknownContent(head) };
  }
  throw new Error('unreachable');
}

function unknownContent(head: Head): Decline {
  return {
    reason: 'unknown',
    sentence: `${head.name} holds JSON, but nothing in it looks like an agent's trace.`,
    handBack: true,
  };
}

interface ReadFile {
  readonly source: ByteSource;
  readonly number: number;
  readonly reader: Reader;
}

/** The files of one trace, each read by the same pipeline. */
class Files {
  readonly read_: ReadFile[] = [];
  readonly ofRun = new Map<string, ReadFile>();
  readonly accounting = { records: 0, metadata: 0, unmapped: 0 };

  constructor(private readonly options: OpenOptions) {}

  async read(source: ByteSource, format: Format, head: Head, detection: Detection): Promise<Outline> {
    const reader = format.open(head, detection);
    const file: ReadFile = { source, number: this.read_.length, reader };
    this.read_.push(file);
    const problems: Problem[] = [];
    let records = 0;
    const end = await scanRecords(
      source,
      reader.layout,
      (place, bytes) => {
        records++;
        const problem = takeRecord(reader, place, bytes, file.number);
        if (problem !== undefined) problems.push(problem);
      },
      {
        ...(this.options.signal && { signal: this.options.signal }),
        onProgress: (bytes) => this.options.onProgress?.(bytes, source.size),
      },
    );
    if (end.truncatedAt !== undefined) {
      problems.push({
        severity: 'warning',
        message: `The file ends in the middle of a value that starts at byte ${end.truncatedAt}; everything before it was read.`,
        range: { source: file.number, start: end.truncatedAt, end: source.size },
        records: 0,
      });
    }
    const envelopes: Envelope[] = end.envelopes.map(({ document, text }) => ({
      document,
      value: tryParse(text) ?? (parseTolerant(text, [], { allowTrailingComma: true }) as Json | undefined) ?? null,
    }));
    const own = renumber(reader.outline(envelopes), file.number);
    for (const run of own.runs) this.ofRun.set(run.id, file);
    const lost = problems.reduce((sum, p) => sum + p.records, 0) + own.problems.reduce((sum, p) => sum + p.records, 0);
    this.accounting.records += records;
    this.accounting.metadata += own.metadata;
    this.accounting.unmapped += lost;
    const outline = { ...own, problems: [...problems, ...own.problems] };
    const neighbours = this.options.neighbours ?? noNeighbours;
    return reader.join === undefined ? outline : reader.join(outline, neighbours, (path) => this.companion(path));
  }

  private async companion(path: string): Promise<Outline | undefined> {
    const found = await (this.options.neighbours ?? noNeighbours).open(path);
    if (found === undefined) return undefined;
    const source = await toUtf8(found);
    const recognised = await recognise(source);
    if (!recognised.ok) return undefined;
    return this.read(source, recognised.format, recognised.head, recognised.detection);
  }
}

/** A reader numbers its ranges from source 0; here they get the file's own number. */
function renumber(outline: Outline, number: number): Outline {
  if (number === 0) return outline;
  const range = (r: ByteRange): ByteRange => ({ ...r, source: number });
  return {
    ...outline,
    runs: outline.runs.map((run) => ({
      ...run,
      steps: run.steps.map((step) => ({ ...step, parts: step.parts.map(range) })),
    })),
    problems: outline.problems.map((p) => (p.range === undefined ? p : { ...p, range: range(p.range) })),
  };
}

function takeRecord(reader: Reader, place: RecordPlace, bytes: Uint8Array, source: number): Problem | undefined {
  const range = { source, start: place.start, end: place.end };
  if (place.selector === '') {
    const message = `Bytes ${place.start} to ${place.end} are no record that this format knows; they are kept as they are.`;
    return { severity: 'error', message, range, records: 1 };
  }
  const parsed = parseRecord(bytes);
  if (parsed.value === undefined) {
    const message = `The record at byte ${place.start} is no JSON and was left out: ${parsed.problem}`;
    return { severity: 'error', message, range, records: 1 };
  }
  const columns = reader.columns[place.selector] ?? {};
  const problem = reader.record(place, pickCells(parsed.value, columns));
  if (problem !== undefined || parsed.problem === undefined) return problem;
  const message = `The record at byte ${place.start} was repaired: ${parsed.problem}`;
  return { severity: 'warning', message, range, records: 0 };
}

/** Parses a record; NaN, comments and trailing commas are repaired, and said. */
function parseRecord(bytes: Uint8Array): { value?: Json; problem?: string } {
  const text = new TextDecoder().decode(bytes);
  try {
    return { value: JSON.parse(text) as Json };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    const repaired = text.replace(/(?<=[[,:]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, 'null');
    const value = tryParse(repaired) ?? (parseTolerant(repaired, [], { allowTrailingComma: true }) as Json | undefined);
    return typeof value === 'object' && value !== null ? { value, problem } : { problem };
  }
}

class TraceFiles implements OpenTrace {
  readonly trace: Trace;
  private readonly byId: Map<string, Run>;

  constructor(
    format: Format,
    detection: Detection,
    outline: Outline,
    private readonly files: Files,
  ) {
    const { records, metadata, unmapped } = files.accounting;
    this.trace = {
      format: format.id,
      formatTitle: format.title,
      ...(detection.version !== undefined && { version: detection.version }),
      runs: outline.runs,
      problems: outline.problems,
      accounting: { records, metadata, unmapped, mapped: countMapped(outline.runs) },
      sources: files.read_.map((file) => file.source.name),
      joined: outline.joined ?? [],
    };
    this.byId = new Map(outline.runs.map((run) => [run.id, run]));
  }

  run(id: string): Run | undefined {
    return this.byId.get(id);
  }

  async step(run: Run, index: number): Promise<Step> {
    const row = run.steps[index];
    if (row === undefined) throw new Error(`${run.title} has ${run.steps.length} steps; there is no step ${index}.`);
    const reader = (this.files.ofRun.get(run.id) ?? this.files.read_[0])?.reader;
    if (reader === undefined) throw new Error('The trace is closed.');
    const parts: Json[] = [];
    for (const range of row.parts) parts.push(parseRecord(await this.bytes(range)).value ?? null);
    return { ...row, ...reader.body(row, parts, run) };
  }

  async *steps(run: Run, from = 0, to = run.steps.length, signal?: AbortSignal): AsyncGenerator<Step> {
    for (let index = from; index < Math.min(to, run.steps.length); index++) {
      signal?.throwIfAborted();
      yield await this.step(run, index);
    }
  }

  async raw(row: StepRow): Promise<RawPart[]> {
    const parts: RawPart[] = [];
    for (const range of row.parts) {
      const sourceName = this.trace.sources[range.source] ?? '';
      parts.push({ range, sourceName, text: new TextDecoder().decode(await this.bytes(range)) });
    }
    return parts;
  }

  private bytes(range: ByteRange): Promise<Uint8Array> {
    const file = this.files.read_[range.source];
    if (file === undefined) throw new Error('The trace is closed.');
    return file.source.read(range.start, range.end - range.start);
  }
}

/** Distinct records that some step shows. */
function countMapped(runs: readonly Run[]): number {
  const seen = new Set<string>();
  for (const run of runs) {
    for (const step of run.steps) for (const part of step.parts) seen.add(`${part.source}:${part.start}`);
  }
  return seen.size;
}
