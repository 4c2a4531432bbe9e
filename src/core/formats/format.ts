import type { Neighbours } from '../source/byteSource.ts';
import type { Encoding, RecordLayout, RecordPlace } from '../source/layout.ts';
import type { Action, Problem, Run, Step, StepRow } from '../trace/model.ts';
import type { Json } from '../util/json.ts';
import type { ParsedRecord } from './parseRecord.ts';

/**
 * The readers' contract. A reader never sees the document: it says where its records lie (`layout`) and which columns
 * of a record the step list needs (`columns`); it is handed the columns of every record in file order, groups them into
 * runs and steps, and later builds a step's body from the bytes of that step's records alone. So the same reader serves
 * a whole-document parser, a streaming byte index, or an index cached from last time.
 */
export interface Format {
  /** Stable id: `atif`, `otlp`, `openai-chat`. */
  readonly id: string;
  readonly title: string;
  /**
   * Bodies hold no words but those that stand in their records (a text may be escaped, joined or cut there): whoever looks
   * for words may then rule steps out by their bytes alone. A reader that has words of its own (`Next goal: …`), or takes
   * them from elsewhere, leaves this out.
   */
  readonly wordsAsRecorded?: true;
  /** Recognises the format from the head of the content. Never from the file's name. */
  detect(head: Head): Detection | undefined;
  /** A reader for one file. */
  open(head: Head, detection: Detection): Reader;
  /**
   * For a format that is a zip archive, told by the names of its members: the members to read, one document after the
   * other, and text to put between them. Undefined when the archive is another's.
   */
  members?(names: readonly string[]): readonly MemberPiece[] | undefined;
}

/** A member of an archive by its name, or text that stands between members. */
export type MemberPiece = { readonly member: string } | { readonly text: string };

export interface Detection {
  /** Which dialect or version, for the reader and for people: `ATIF-v1.4`, `tau2-results`. */
  readonly variant: string;
  /** The writer's version where the head says one. */
  readonly version?: string;
}

/** What detection may look at: the first and last bytes of the content, already decoded. */
export interface Head {
  readonly name: string;
  readonly encoding: Encoding;
  /** The first 64 KiB (or all) as text. */
  readonly text: string;
  /** The last 4 KiB as text when the head is not all; else empty. */
  readonly tail: string;
  readonly size: number;
  /** True when `text` is the whole content. */
  readonly complete: boolean;
  /** The names of a zip archive's members, when the content is what the format asked for of it. */
  readonly members?: readonly string[];
  /**
   * What the head holds, parsed with tolerance for being cut off. `json`: the one document as far as it goes.
   * `jsonl` and `concatenated`: an array of the documents that are whole in the head, at most 50.
   */
  readonly sample: Json;
}

/**
 * One column of a record: the value at `path` (member names, array positions, or `*` for every element of an array).
 * `text`: cut to `max` characters (default 512); a non-string is given as its JSON text, cut the same. `number`, `flag`:
 * undefined when it is none. `json`: the value whole; only for what stays small (ids, lists of tool names, usage).
 * With a `*` in the path the column is an array of the values found, or with `aligned` (and one `*`) of one value for
 * every element, null where there is none, so that several columns of one list stay side by side.
 */
export interface Column {
  readonly path: readonly (string | number)[];
  readonly kind: 'text' | 'number' | 'flag' | 'json';
  readonly max?: number;
  /** Which end of a longer text is kept; the start unless told. */
  readonly keep?: 'end';
  /** A list gives the empty text instead of its JSON, where other columns ask for its elements. */
  readonly lists?: 'empty';
  readonly aligned?: true;
  /** Absent in records in which the text at this path is one of these. */
  readonly unless?: { readonly path: readonly (string | number)[]; readonly is: readonly string[] };
}

/** Columns by the reader's own names. */
export type Columns = Readonly<Record<string, Column>>;

/** A record's columns; a column that the record doesn't have is absent. */
export type Cells = Readonly<Record<string, Json>>;

export interface Reader {
  readonly layout: RecordLayout;
  /** Set once a record was met whose words a body spells otherwise (base64), for all the format's `wordsAsRecorded`. */
  readonly wordsRespelled?: boolean;
  /**
   * The columns wanted of each kind of record, by selector name. A document in which no selector finds a record is handed
   * over under the name `''` when there are columns for it; without them it becomes a problem.
   */
  readonly columns: Readonly<Record<string, Columns>>;
  /** A record's value out of its bytes, for files of text; JSON, with common damage repaired, unless told. */
  parse?(bytes: Uint8Array): ParsedRecord;
  /** Takes one record, in file order. Answers a problem when the record can't be used. */
  record(place: RecordPlace, cells: Cells): Problem | undefined;
  /**
   * The runs so far. Called at the end with all envelopes (documents with records cut out, parsed), and may be called
   * earlier, with none, for a list that is usable while the scan runs. Must not change what later records will do.
   */
  outline(envelopes: readonly Envelope[]): Outline;
  /** The body of a step, from its records parsed whole, in the order of `row.parts`. */
  body(row: StepRow, parts: readonly Json[], run: Run): StepBody;
  /** Looks for files that belong to the trace (sub-agents, rewards) and joins them to the outline. */
  join?(outline: Outline, neighbours: Neighbours, openCompanion: OpenCompanion): Promise<Outline>;
}

export interface Envelope {
  readonly document: number;
  readonly value: Json;
}

/** What a reader made of the records. */
export interface Outline {
  readonly runs: readonly Run[];
  readonly problems: readonly Problem[];
  /** How many records describe a run and are in no step. */
  readonly metadata: number;
  /** A sentence for each joined file. */
  readonly joined?: readonly string[];
  /** How many records of the file itself `join` left to a joined file that holds them too. */
  readonly leftToJoined?: number;
}

/**
 * Opens another file of the trace through the same pipeline; its byte ranges carry their own source number. Several paths
 * are read as one file, for writers that keep a file for each record.
 */
export type OpenCompanion = (path: string | readonly string[]) => Promise<Outline | undefined>;

/** What a body adds to its row. `actions` is all that must be there. */
export type StepBody = Omit<Step, keyof StepRow> & { readonly actions: readonly Action[] };
