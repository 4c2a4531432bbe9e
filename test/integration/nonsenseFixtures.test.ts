import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fixtureProblem } from '../../src/core/regression/fixtureProblem.ts';
import { isObject, type Json } from '../../src/core/util/json.ts';
import { readFixtureFile } from '../../src/node/replay/readFixtureFile.ts';
import { DUPLICATE_ORDER } from '../support/fixtureFile.ts';
import { inJavaScript, inPython } from '../support/replayHelpers.ts';
import { runCli } from '../support/runCli.ts';

// A person edits a fixture by hand and breaks something: each member in turn, in every manner.
const folder = mkdtempSync(join(tmpdir(), 'hindstep-nonsense-'));
afterAll(() => rmSync(folder, { recursive: true }));

const whole = JSON.parse(JSON.stringify(DUPLICATE_ORDER)) as Json;
const NONSENSE: readonly (Json | undefined)[] = [undefined, null, 5, 'nonsense', [], [5], {}, { $match: 'like' }];

/** Every place in a value, as ways of names and positions. */
function* placesIn(value: Json, way: readonly string[] = []): Generator<readonly string[]> {
  if (way.length > 0) yield way;
  const members = Array.isArray(value) || isObject(value) ? Object.entries(value) : [];
  for (const [name, member] of members) yield* placesIn(member, [...way, name]);
}

function broken(way: readonly string[], nonsense: Json | undefined): Json {
  const copy = structuredClone(whole);
  let here: Json = copy;
  for (const name of way.slice(0, -1)) here = (here as Record<string, Json>)[name] ?? null;
  const last = way.at(-1) ?? '';
  if (nonsense === undefined && Array.isArray(here)) here.splice(Number(last), 1);
  else if (nonsense === undefined) delete (here as Record<string, Json>)[last];
  else (here as Record<string, Json>)[last] = nonsense;
  return copy;
}

const all = [...placesIn(whole)].flatMap((way) => NONSENSE.map((nonsense) => ({ way, value: broken(way, nonsense) })));
const files = all.map(({ value }, i) => {
  const file = join(folder, `${i}.fixture.json`);
  writeFileSync(file, JSON.stringify(value, undefined, 2));
  return file;
});
const reads = files.map((file) => ({ fixture: {}, mode: 'read' as const, trace: file }));
const said = (result: unknown) => (isObject(result) ? (result.error ?? '') : '');

describe('a fixture that was edited into nonsense', () => {
  it('is refused with the same sentence by the core and both helpers, whichever member it is', {
    timeout: 60_000,
  }, () => {
    const expected = all.map(({ value }) => {
      const problem = fixtureProblem(value);
      return problem === undefined ? '' : `hindstep: ${problem}`;
    });
    expect(expected.filter((problem) => problem !== '').length).toBeGreaterThan(200);
    expect(inJavaScript(reads).map(said)).toEqual(expected);
    expect(inPython(reads).map(said)).toEqual(expected);
  });

  it('brings no helper down that takes it for whole', { timeout: 60_000 }, () => {
    const taken = all.filter(({ value }) => fixtureProblem(value) === undefined);
    const scripts = taken.map(({ value }) => ({
      fixture: value as object,
      mode: 'replay' as const,
      calls: [['list_orders', {}] as const, ['cancel_order', { order_id: 'A-1042' }] as const],
      finalText: 'Done.',
    }));
    const told = (results: unknown[]) =>
      results.flatMap((result, i) => (said(result) === '' ? [] : [`${taken[i]?.way.join('/')}: ${said(result)}`]));
    expect([...told(inJavaScript(scripts)), ...told(inPython(scripts))]).toEqual([]);
  });

  it('could not be judged by the command line, which says the line', { timeout: 60_000 }, async () => {
    for (const [i, { way, value }] of all.entries()) {
      const problem = fixtureProblem(value);
      if (problem === undefined) continue;
      const read = await readFixtureFile(files[i] ?? '');
      const [, line, sentence] = (read.ok ? '' : read.error).match(/\.json:(\d+): (.*)$/) ?? [];
      expect(sentence).toBe(problem);
      // Where the broken thing begins, or what it is in.
      const lines = readFileSync(files[i] ?? '', 'utf8').split('\n');
      expect([way, lines[Number(line) - 1]]).not.toEqual([way, undefined]);
    }
    const role = join(folder, 'role.fixture.json');
    writeFileSync(role, JSON.stringify(broken(['messages', '0', 'role'], 5), undefined, 2));
    const { code, errors } = await runCli('replay', role, '--mcp');
    const line =
      readFileSync(role, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('"role": 5')) + 1;
    expect({ code, errors }).toEqual({
      code: 2,
      errors: [`${role}:${line}: /messages/0/role must be system, user, assistant or tool.`],
    });
  });

  it('is told from no JSON at all, by the line at which it breaks off', async () => {
    const file = join(folder, 'half.fixture.json');
    writeFileSync(file, '{\n  "schemaVersion": 1,\n  "goal" "x"\n}\n');
    expect(await runCli('replay', file, '--mcp')).toMatchObject({ code: 2, errors: [`${file}:3: this is no JSON.`] });
    writeFileSync(file, '');
    expect(await runCli('replay', file, '--mcp')).toMatchObject({ code: 2, errors: [`${file}:1: this is no JSON.`] });
  });
});
