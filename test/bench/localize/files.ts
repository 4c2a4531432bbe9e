import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { field, type Json, tryParse } from '../../../src/core/util/json.ts';

/** JSON files of a folder, in the order of their names. */
export function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

export function readJson(path: string): Json {
  return tryParse(readFileSync(path, 'utf8')) ?? null;
}

/** A member as text, whether it was written as text or as a number. */
export function textOf(value: Json | undefined, member: string): string {
  return String(field(value, member) ?? '');
}
