import { parse as parseTolerant } from 'jsonc-parser';
import { type ByteSource, type Neighbours, noNeighbours } from '../source/byteSource.ts';
import type { RecordPlace, ScanEnd } from '../source/layout.ts';
import { readAhead } from '../source/readAhead.ts';
import { scanRecords } from '../source/scanRecords.ts';
import { toUtf8 } from '../source/toUtf8.ts';
import type { ByteRange, Problem, Run, Step, StepRow, Trace } from '../trace/model.ts';
import { type Json, tryParse } from '../util/json.ts';
import { messageOf } from '../util/result.ts';
import { pickCells } from './columns.ts';
import { type Decline, declineOf, unknownContent } from './declines.ts';
import type { Detection, Envelope, Format, Head, Outline, Reader } from './format.ts';
import { readHead } from './head.ts';
import { parseRecord } from './parseRecord.ts';
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
  /** Gives back the opened file and all joined ones; nothing can be read after it. */
  close(): Promise<void>;
}

export type Opened =
  | { readonly ok: true; readonly value: OpenTrace }
  | { readonly ok: false; readonly decline: Decline };

/**
 * Opens a trace of any known format, told by its content. A file that is no trace answers with a decline; rejects with a
 * sentence when the bytes can't be read, and with the signal's reason when it is aborted.
 */
export async function openTrace(original: ByteSource, options: OpenOptions = {}): Promise<Opened> {
  const source = await toUtf8(original);
  const recognised = await recognise(source);
  if (!recognised.ok) return recognised;
  const files = new TraceFiles(options);
  const outline = await files.readFirst(source, recognised);
  return { ok: true, value: new TraceInFiles(recognised, outline, files) };
}

interface RecognisedFile {
  readonly format: Format;
  readonly head: Head;
  readonly detection: Detection;
}

type Recognised = ({ readonly ok: true } & RecognisedFile) | { readonly ok: false; readonly decline: Decline };

/** 64 KiB of head tell nearly every file; a first record that is larger than that gets a second, longer look. */
const LONGER_HEAD = 2 * 1024 * 1024;

async function recognise(source: ByteSource): Promise<Recognised> {
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

interface ReadFile {
  readonly source: ByteSource;
  readonly number: number;
  readonly reader: Reader;
}

/** A trace that names more files than this is not followed further. */
const MAX_FILES = 1000;

/** The files of one trace, each read by the same pipeline. */
class TraceFiles {
  readonly all: ReadFile[] = [];
  readonly accounting = { records: 0, metadata: 0, unmapped: 0 };
  private readonly taken = new Set<string>();
  private readonly runIds = new Set<string>();

  constructor(private readonly options: OpenOptions) {}

  readFirst(source: ByteSource, recognised: RecognisedFile): Promise<Outline> {
    this.taken.add(source.name);
    return this.read(source, recognised, '');
  }

  /** Reads one file and the files that it names; `folder` is the file's, relative to the opened file's. */
  private async read(source: ByteSource, recognised: RecognisedFile, folder: string): Promise<Outline> {
    const { format, head, detection } = recognised;
    const reader = format.open(head, detection);
    const file: ReadFile = { source, number: this.all.length, reader };
    this.all.push(file);
    const { signal, onProgress } = this.options;
    const problems: Problem[] = [];
    let records = 0;
    const take = (place: RecordPlace, bytes: Uint8Array) => {
      records++;
      const problem = takeRecord(reader, place, bytes, file.number);
      if (problem !== undefined) problems.push(problem);
    };
    const end = await scanRecords(source, reader.layout, take, {
      ...(signal && { signal }),
      ...(onProgress && file.number === 0 && { onProgress: (bytes: number) => onProgress(bytes, source.size) }),
    });
    const cutOff = truncation(end, problems, file);
    if (cutOff !== undefined) problems.push(cutOff);
    const own = this.withOwnIds(renumber(reader.outline(envelopesOf(end)), file.number));
    this.accounting.records += records;
    this.accounting.metadata += own.metadata;
    this.accounting.unmapped += lost(problems) + lost(own.problems);
    const outline = { ...own, problems: [...problems, ...own.problems] };
    if (reader.join === undefined) return outline;
    const neighbours = within(this.options.neighbours ?? noNeighbours, folder);
    return reader.join(outline, neighbours, (path) => this.companion(inFolder(folder, path)));
  }

  /** Each file is read once, however often and from wherever it is named. */
  private async companion(path: string): Promise<Outline | undefined> {
    if (this.taken.has(path) || this.all.length >= MAX_FILES) return undefined;
    this.taken.add(path);
    const found = await (this.options.neighbours ?? noNeighbours).open(path);
    if (found === undefined) return undefined;
    const source = await toUtf8(found);
    const recognised = await recognise(source);
    if (recognised.ok) return this.read(source, recognised, path.split('/').slice(0, -1).join('/'));
    await source.close?.();
    return undefined;
  }

  /** Run ids are unique in a trace: a joined file's run that has one already in use gets another. */
  private withOwnIds(outline: Outline): Outline {
    const renamed = new Map<string, string>();
    for (const { id } of outline.runs) {
      let own = id;
      for (let n = 2; this.runIds.has(own); n++) own = `${id}~${n}`;
      this.runIds.add(own);
      if (own !== id) renamed.set(id, own);
    }
    if (renamed.size === 0) return outline;
    const name = (id: string) => renamed.get(id) ?? id;
    const runs = outline.runs.map((run) => ({
      ...run,
      id: name(run.id),
      ...(run.parentRun !== undefined && { parentRun: name(run.parentRun) }),
      steps: run.steps.map((row) => (row.childRuns.length > 0 ? { ...row, childRuns: row.childRuns.map(name) } : row)),
    }));
    return { ...outline, runs };
  }
}

function lost(problems: readonly Problem[]): number {
  return problems.reduce((sum, problem) => sum + problem.records, 0);
}

/** A path that a file in `folder` names, as seen from the opened file's folder. */
function inFolder(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function within(neighbours: Neighbours, folder: string): Neighbours {
  if (folder === '') return neighbours;
  return {
    list: (path) => neighbours.list(inFolder(folder, path)),
    open: (path) => neighbours.open(inFolder(folder, path)),
  };
}

function envelopesOf(end: ScanEnd): Envelope[] {
  return end.envelopes.map(({ document, text }) => ({ document, value: parseLoosely(text) }));
}

function parseLoosely(text: string): Json {
  const value = tryParse(text);
  if (value !== undefined) return value;
  try {
    return (parseTolerant(text, [], { allowTrailingComma: true }) as Json | undefined) ?? null;
  } catch {
    return null;
  }
}

/** Says that the file ends early, unless a torn record has said so already. */
function truncation(end: ScanEnd, problems: readonly Problem[], { source, number }: ReadFile): Problem | undefined {
  const start = end.truncatedAt;
  if (start === undefined || problems.some(({ range }) => range?.start === start)) return undefined;
  const range = { source: number, start, end: source.size };
  const message = `${source.name} ends before its JSON does, at byte ${source.size}; everything up to there was read.`;
  return { severity: 'warning', message, range, records: 0 };
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
  const leftOut = (message: string): Problem => ({ severity: 'error', message, range, records: 1 });
  if (place.torn) {
    return leftOut(`The record at byte ${place.start} is cut off at byte ${place.end} and was left out.`);
  }
  if (place.selector === '' && reader.columns[''] === undefined) {
    return leftOut(`Bytes ${place.start} to ${place.end} are no record that this format knows and were left out.`);
  }
  const { value, problem: damage } = parseRecord(bytes);
  if (value === undefined) {
    return leftOut(`The record at byte ${place.start} is no JSON and was left out: ${damage}`);
  }
  let problem: Problem | undefined;
  try {
    problem = reader.record(place, pickCells(value, reader.columns[place.selector] ?? {}));
  } catch (thrown) {
    // Traces are hostile: one record that a reader can't take must not cost the others.
    return leftOut(`The record at byte ${place.start} could not be used and was left out: ${messageOf(thrown)}`);
  }
  if (problem !== undefined) return problem.range === undefined ? { ...problem, range } : problem;
  if (damage === undefined) return undefined;
  const message = `The record at byte ${place.start} was repaired: ${damage}`;
  return { severity: 'warning', message, range, records: 0 };
}

class TraceInFiles implements OpenTrace {
  readonly trace: Trace;
  private readonly byId: ReadonlyMap<string, Run>;

  constructor(
    { format, detection }: RecognisedFile,
    outline: Outline,
    private readonly files: TraceFiles,
  ) {
    const { records, metadata, unmapped } = files.accounting;
    this.trace = {
      format: format.id,
      formatTitle: format.title,
      ...(detection.version !== undefined && { version: detection.version }),
      runs: outline.runs,
      problems: outline.problems,
      accounting: { records, metadata, unmapped, mapped: countMapped(outline.runs) },
      sources: files.all.map((file) => file.source.name),
      joined: [...new Set(outline.joined ?? [])],
    };
    this.byId = new Map(outline.runs.map((run) => [run.id, run]));
  }

  run(id: string): Run | undefined {
    return this.byId.get(id);
  }

  step(run: Run, index: number): Promise<Step> {
    return this.build(run, index, (number) => this.file(number).source);
  }

  async *steps(run: Run, from = 0, to = run.steps.length, signal?: AbortSignal): AsyncGenerator<Step> {
    const ahead = this.files.all.map((file) => readAhead(file.source));
    for (let index = from; index < Math.min(to, run.steps.length); index++) {
      signal?.throwIfAborted();
      yield await this.build(run, index, (number) => ahead[number] ?? this.file(number).source);
    }
  }

  async raw(row: StepRow): Promise<RawPart[]> {
    const parts: RawPart[] = [];
    for (const range of row.parts) {
      const { source } = this.file(range.source);
      const bytes = await source.read(range.start, range.end - range.start);
      parts.push({ range, sourceName: source.name, text: new TextDecoder().decode(bytes) });
    }
    return parts;
  }

  async close(): Promise<void> {
    for (const { source } of this.files.all) await source.close?.();
  }

  private async build(run: Run, index: number, sourceOf: (number: number) => ByteSource): Promise<Step> {
    const row = run.steps[index];
    if (row === undefined)
      throw new Error(`${run.title} has ${run.steps.length} steps; there is no step ${index + 1}.`);
    const parts: Json[] = [];
    for (const { source, start, end } of row.parts) {
      parts.push(parseRecord(await sourceOf(source).read(start, end - start)).value ?? null);
    }
    return { ...row, ...this.file(row.parts[0]?.source ?? 0).reader.body(row, parts, run) };
  }

  private file(number: number): ReadFile {
    const file = this.files.all[number];
    if (file === undefined) throw new Error(`The trace has no file ${number}.`);
    return file;
  }
}

/** Distinct records that some step shows. */
function countMapped(runs: readonly Run[]): number {
  const starts = new Map<number, Set<number>>();
  for (const { steps } of runs) {
    for (const { parts } of steps) {
      for (const { source, start } of parts) {
        const known = starts.get(source) ?? new Set();
        if (known.size === 0) starts.set(source, known);
        known.add(start);
      }
    }
  }
  return [...starts.values()].reduce((sum, known) => sum + known.size, 0);
}
