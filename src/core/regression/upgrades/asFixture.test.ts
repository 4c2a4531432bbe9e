import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER } from '../../../../test/support/fixtureFile.ts';
import { inJavaScript, inPython } from '../../../../test/support/replayHelpers.ts';
import { type Json, tryParse } from '../../util/json.ts';
import type { Fixture } from '../fixture.ts';
import { problemsOf, scriptOf } from '../replay/script.ts';
import { asFixture } from './asFixture.ts';

const frozen = resolve(import.meta.dirname, '../../../../test/corpus/fixtures-0.1.0');
const folder = mkdtempSync(join(tmpdir(), 'hindstep-upgrades-'));
afterAll(() => rmSync(folder, { recursive: true }));
const NAMES = ['trace-check', 'replay', 'decision-point', 'secrets'];
const fileOf = (name: string) => join(frozen, `${name}.fixture.json`);
const readOf = (name: string): Json | undefined => tryParse(readFileSync(fileOf(name), 'utf8'));

function upgraded(read: Json | undefined): Fixture {
  const fixture = asFixture(read);
  if (!fixture.ok) throw new Error(fixture.error);
  return fixture.value;
}

describe('a fixture of version 1', () => {
  it.each(NAMES)('is read, and its proof still holds: %s', (name) => {
    const fixture = upgraded(readOf(name));
    expect(fixture.schemaVersion).toBe(2);
    const lights = (['recorded', 'corrected', 'undone'] as const).map(
      (script) => problemsOf(fixture, scriptOf(fixture, script)).length > 0,
    );
    expect(lights).toEqual([true, false, true]);
  });

  it('knows after which words of the user each call was made', () => {
    const { recording } = upgraded(readOf('replay'));
    expect(recording.map(({ tool, turn }) => [tool, turn ?? 0])).toEqual([
      ['find_customer', 0],
      ['read_policy', 0],
      ['list_orders', 1],
      ['cancel_order', 1],
    ]);
    expect(scriptOf(upgraded(readOf('replay')), 'recorded').texts).toEqual(['Which of the two do you mean?']);
  });

  it('keeps the rest as it was', () => {
    const before = readOf('secrets') as { [name: string]: Json };
    expect(upgraded(before)).toEqual({ ...before, schemaVersion: 2 });
  });

  it('is read by both helpers, and upgraded by the one in Python to the letter', () => {
    for (const run of [inJavaScript, inPython]) {
      expect(run(NAMES.map((name) => ({ fixture: {}, mode: 'read' as const, trace: fileOf(name) })))).toEqual(
        NAMES.map(() => ({ problems: [], answers: [] })),
      );
    }
    const helpers = resolve(import.meta.dirname, '../helpers');
    const script = `import sys, json; sys.dont_write_bytecode = True; sys.path.insert(0, ${JSON.stringify(helpers)})
import hindstep_replay; print(json.dumps([hindstep_replay.read_fixture(path) for path in sys.argv[1:]]))`;
    const read = execFileSync('python3', ['-c', script, ...NAMES.map(fileOf)], { encoding: 'utf8' });
    expect(JSON.parse(read)).toEqual(NAMES.map((name) => upgraded(readOf(name))));
  });

  it('has the calls of sub-agents, which its messages lack, in the turn in which they were made', () => {
    const read = readOf('replay') as unknown as { recording: Json[] };
    const [first] = read.recording;
    const more = { ...(first as object), tool: 'of_a_sub_agent' } as Json;
    const fixture = upgraded({ ...read, recording: read.recording.toSpliced(2, 0, more) });
    expect(fixture.recording.map(({ turn }) => turn ?? 0)).toEqual([0, 0, 1, 1, 1]);
  });

  it.each([null, 5, 'x', [], [null, 5, { toolCalls: 5 }, { toolCalls: [null, { name: 5 }] }]])(
    'that has no right messages is refused, and never thrown at: %j',
    (messages) => {
      expect(asFixture({ ...(readOf('replay') as object), messages } as Json).ok).toBe(
        Array.isArray(messages) && messages.length === 0,
      );
      expect(asFixture({ ...(readOf('replay') as object), recording: messages } as Json).ok).toBe(
        Array.isArray(messages) && messages.length === 0,
      );
    },
  );
});

describe('a fixture of this version', () => {
  const file = join(folder, 'new.fixture.json');
  writeFileSync(file, JSON.stringify({ ...DUPLICATE_ORDER, order: 'sequential' }));

  it('is refused by the helpers of version 1, which would pass over what they do not know', () => {
    const ask = [
      [
        'node',
        '--input-type=module',
        '-e',
        `import { readFixture } from ${JSON.stringify(join(frozen, 'hindstep-replay.mjs'))}; readFixture(${JSON.stringify(file)});`,
      ],
      [
        'python3',
        '-c',
        `import sys; sys.path.insert(0, ${JSON.stringify(frozen)}); sys.dont_write_bytecode = True; import hindstep_replay; hindstep_replay.read_fixture(${JSON.stringify(file)})`,
      ],
    ];
    for (const [program = '', ...args] of ask) {
      const run = () => execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
      expect(run).toThrow(
        'hindstep: this fixture was made by another version of Hindstep; make it again ("re-record").',
      );
    }
  });

  it('is taken as it is', () => {
    expect(asFixture(tryParse(readFileSync(file, 'utf8')))).toEqual({
      ok: true,
      value: { ...DUPLICATE_ORDER, order: 'sequential' },
    });
  });
});
