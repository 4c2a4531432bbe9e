import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/core/evaluators/evaluate.ts';
import { type OpenTrace, openTrace } from '../../src/core/formats/openTrace.ts';
import { suspects } from '../../src/core/localize/suspects.ts';
import { buildFixture } from '../../src/core/regression/buildFixture.ts';
import { checkMutations } from '../../src/core/regression/checkMutations.ts';
import type { Fixture } from '../../src/core/regression/fixture.ts';
import { fixtureProblem } from '../../src/core/regression/fixtureProblem.ts';
import { gatherMaterial } from '../../src/core/regression/material.ts';
import { problemsOf, type ScriptName, scriptOf } from '../../src/core/regression/replay/script.ts';
import { suggestCorrections } from '../../src/core/regression/suggest.ts';
import type { Run } from '../../src/core/trace/model.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';
import { secretlintDetector } from '../../src/node/regression/secretDetector.ts';
import { verdictOf } from '../../src/node/regression/verdictOf.ts';

// Real traces lie beside the project where there are any; nothing of them is in it.
const traces = resolve(import.meta.dirname, '../../../shared/traces');
const MODES = ['trace-check', 'decision-point', 'replay'] as const;

describe.skipIf(!existsSync(traces))('fixtures of real traces', () => {
  it('are red on the recorded run, green on the first suggestion, red when it is undone or changed in any way that counts', {
    timeout: 300_000,
  }, async () => {
    const wrong: string[] = [];
    let right = 0;
    for (const path of files()) {
      const opened = await openTrace(await openFileSource(path), { neighbours: folderNeighbours(dirname(path)) });
      if (!opened.ok) continue;
      for (const run of opened.value.trace.runs.slice(0, 2)) {
        for (const fixture of await fixturesOf(opened.value, run)) {
          const lights = lightsOf(fixture);
          const { mutations, dropped } = checkMutations(fixture);
          const noticed = mutations.every(({ script, reason }) => problemsOf(fixture, script).includes(reason));
          if (
            lights === 'red green red' &&
            noticed &&
            mutations.length >= fixture.expect.length &&
            dropped.length === 0
          )
            right++;
          else wrong.push(`${relative(traces, path)} run ${run.id} ${fixture.mode}: ${lights} ${dropped.join(' ')}`);
          expect(fixtureProblem(fixture)).toBeUndefined();
          expect(JSON.stringify(fixture)).not.toMatch(/[\w.+-]{3,}@(?:gmail|example)\.(?:com|org)/);
        }
      }
      await opened.value.close();
    }
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(60);
  });
});

function files(): string[] {
  return readdirSync(traces, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|jsonl|traj)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < 2_000_000)
    .sort();
}

/** Fixtures of the most suspect step in every mode, with the correction that the draft would start from. */
async function fixturesOf(trace: OpenTrace, run: Run): Promise<Fixture[]> {
  const { verdicts } = await evaluate(trace, run);
  const step = suspects(run, verdicts)[0]?.step ?? run.steps.findLastIndex(({ kind }) => kind === 'action');
  if (step < 0) return [];
  const verdict = verdictOf(verdicts, step);
  const [suggestion] = suggestCorrections(await gatherMaterial(trace, run, step), verdict?.finding);
  if (suggestion === undefined) return [];
  const { correction } = suggestion;
  const common = { trace, run, step, title: 'a real step', correction, hindstepVersion: '0' };
  return Promise.all(
    MODES.map(async (mode) => {
      const fixture = await buildFixture({ ...common, mode, detect: secretlintDetector, ...(verdict && { verdict }) });
      if (!fixture.ok) throw new Error(fixture.error);
      return fixture.value;
    }),
  );
}

function lightsOf(fixture: Fixture): string {
  const light = (name: ScriptName) => (problemsOf(fixture, scriptOf(fixture, name)).length > 0 ? 'red' : 'green');
  return [light('recorded'), light('corrected'), light('undone')].join(' ');
}
