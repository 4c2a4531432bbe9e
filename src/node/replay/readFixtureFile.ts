import { readFile } from 'node:fs/promises';
import { findNodeAtLocation, type ParseError, parseTree } from 'jsonc-parser';
import type { Fixture } from '../../core/regression/fixture.ts';
import { asFixture } from '../../core/regression/upgrades/asFixture.ts';
import { tryParse } from '../../core/util/json.ts';
import { pointerParts } from '../../core/util/pointer.ts';
import { err, messageOf, type Result } from '../../core/util/result.ts';

/** Reads a fixture from a file, upgraded where an earlier version wrote it. The error is a sentence that names the file, and the line where that is known. */
export async function readFixtureFile(path: string): Promise<Result<Fixture>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    return err(`${path} can't be read: ${messageOf(thrown)}`);
  }
  const fixture = tryParse(text);
  if (fixture === undefined) return err(`${path}:${lineOfError(text)}: this is no JSON.`);
  const usable = asFixture(fixture);
  return usable.ok ? usable : err(`${path}:${lineOf(text, placeOf(usable.error))}: ${usable.error}`);
}

function lineOfError(text: string): number {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  return lineAt(text, errors[0]?.offset ?? 0);
}

/** Where in the fixture a sentence of `fixtureProblem` points. */
function placeOf(problem: string): (string | number)[] {
  const pointer = /(?:^|: )(\/\S+) must be/.exec(problem)?.[1];
  if (pointer !== undefined) return pointerParts(pointer).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const [, list, number] = /(recorded call|expectation) (\d+)/.exec(problem) ?? [];
  if (list !== undefined) return [list === 'expectation' ? 'expect' : 'recording', Number(number) - 1];
  const name = /^(onMiss|order) is|no (?:list of|calls in its) (\w+)/.exec(problem);
  return [name?.[1] ?? name?.[2] ?? 'schemaVersion'];
}

/** The line of a place, or of the nearest one around it that is there; from 1. */
function lineOf(text: string, place: readonly (string | number)[]): number {
  const tree = parseTree(text);
  for (let length = place.length; tree !== undefined && length > 0; length--) {
    const node = findNodeAtLocation(tree, place.slice(0, length));
    if (node !== undefined) return lineAt(text, node.offset);
  }
  return 1;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
