import { readFile } from 'node:fs/promises';
import type { UndoCall } from '../../core/guard/undo.ts';
import { asArray, at, field, isObject, type Json, tryParse } from '../../core/util/json.ts';
import { err, messageOf, ok, type Result } from '../../core/util/result.ts';

/** A call on record that worked, and what would take it back. */
export interface Undoable {
  readonly time: string;
  readonly tool: string;
  readonly undo: UndoCall;
}

export interface UndoList {
  /** The last call first, as they must be taken back. */
  readonly undoable: readonly Undoable[];
  /** Tools of calls of which nobody knows whether they took effect: no answer came. */
  readonly unknown: readonly string[];
}

/** What would undo the calls of an audit log. A line that is none (the disk was full) is passed over. */
export async function readUndoList(path: string): Promise<Result<UndoList>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    return err(`The audit log can't be read: ${messageOf(thrown)}`);
  }
  const entries = text.split('\n').flatMap((line) => {
    const entry = tryParse(line);
    return typeof field(entry, 'event') === 'string' ? [entry] : [];
  });
  if (entries.length === 0) return err(`${path} is no audit log of hindstep guard.`);
  const results = entries.filter((entry) => field(entry, 'event') === 'result');
  return ok({
    undoable: results.flatMap((entry) => undoableOf(entry)).reverse(),
    unknown: results
      .filter((entry) => field(entry, 'result') === 'unknown')
      .map((entry) => String(field(entry, 'tool')))
      .reverse(),
  });
}

function undoableOf(entry: Json | undefined): Undoable[] {
  const [tool, args] = [at(entry, 'undo', 'tool'), at(entry, 'undo', 'arguments')];
  if (typeof tool !== 'string' || !isObject(args)) return [];
  const missing = asArray(at(entry, 'undo', 'missing')).filter((name) => typeof name === 'string');
  const undo = { tool, arguments: args, ...(missing.length > 0 && { missing }) };
  return [{ time: String(field(entry, 'time')), tool: String(field(entry, 'tool')), undo }];
}
