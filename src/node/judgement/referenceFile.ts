import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readReference } from '../../core/evaluators/readReference.ts';
import type { ArgumentMode, OrderMode, Reference } from '../../core/evaluators/reference.ts';
import { referenceFromRun } from '../../core/evaluators/referenceFromRun.ts';
import { type OpenTrace, openTrace } from '../../core/formats/openTrace.ts';
import { fixtureReference } from '../../core/regression/fixtureReference.ts';
import { asFixture } from '../../core/regression/upgrades/asFixture.ts';
import type { Run } from '../../core/trace/model.ts';
import { field, tryParse } from '../../core/util/json.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { openFileSource } from '../fileSource.ts';
import { folderNeighbours } from '../neighbours.ts';

export interface ReferenceRequest {
  readonly path: string;
  /** Which run of a trace: its id, or its position from 0. Else the only one, or the one with the same task. */
  readonly run?: string;
  /** In place of what the file says. */
  readonly order?: OrderMode;
  readonly argumentModes?: Readonly<Record<string, ArgumentMode>>;
}

/** What runs are compared with, from a file: a trace, a fixture, or a list of calls that a person wrote. */
export interface ReferenceFile {
  /** The reference for one run; the error is a sentence. */
  for(run: Run): Promise<Result<Reference>>;
  close(): Promise<void>;
}

/** Files that people write are small; what is larger is a trace. */
const LARGEST_WRITTEN = 4_000_000;

/** Opens a reference once, for any number of runs. The error is a sentence. */
export async function openReference(request: ReferenceRequest, signal?: AbortSignal): Promise<Result<ReferenceFile>> {
  const { path, order, argumentModes } = request;
  const ruled = (reference: Reference): Reference => ({
    ...reference,
    ...(order !== undefined && { order }),
    ...(argumentModes !== undefined && { argumentModes: { ...reference.argumentModes, ...argumentModes } }),
  });
  const written = await writtenReference(path);
  if (written !== undefined) {
    const answer = written.ok ? ok(ruled(written.value)) : err(`${path}: ${written.error}`);
    return answer.ok ? ok({ for: async () => answer, close: async () => {} }) : answer;
  }
  const source = await openFileSource(path);
  const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)), ...(signal && { signal }) });
  if (!opened.ok) {
    await source.close?.();
    return err(`${path}: ${opened.decline.sentence}`);
  }
  const trace = opened.value;
  const made = new Map<Run, Promise<Reference>>();
  return ok({
    for: async (run) => {
      const chosen = chooseRun(trace, run, request);
      if (!chosen.ok) return chosen;
      const from = `${basename(path)} (run ${chosen.value.id})`;
      const reference = made.get(chosen.value) ?? referenceFromRun(trace, chosen.value, from, signal);
      made.set(chosen.value, reference);
      return ok(ruled(await reference));
    },
    close: () => trace.close(),
  });
}

async function writtenReference(path: string): Promise<Result<Reference> | undefined> {
  if ((await stat(path)).size > LARGEST_WRITTEN) return undefined;
  const value = tryParse(await readFile(path, 'utf8'));
  if (value === undefined) return undefined;
  if (field(value, 'expect') !== undefined && field(value, 'recording') !== undefined) {
    const fixture = asFixture(value);
    return fixture.ok ? ok(fixtureReference(fixture.value)) : fixture;
  }
  return readReference(value, basename(path));
}

function chooseRun(trace: OpenTrace, judged: Run, { path, run: wanted }: ReferenceRequest): Result<Run> {
  const { runs } = trace.trace;
  if (wanted !== undefined) {
    const found = trace.run(wanted) ?? (/^\d+$/.test(wanted) ? runs[Number(wanted)] : undefined);
    return found === undefined ? err(`${path}: there is no run "${wanted}".`) : ok(found);
  }
  const [only, ...others] = runs;
  if (only !== undefined && others.length === 0) return ok(only);
  const alike = runs.filter((run) => isSameTask(run, judged));
  const passed = alike.filter((run) => run.outcome?.status === 'passed');
  const [chosen, ...more] = passed.length > 0 ? passed : alike;
  if (chosen === undefined)
    return err(`${path}: none of its runs has the task of run ${judged.id}; name one with --reference-run.`);
  if (more.length > 0 && passed.length === 0) {
    return err(`${path}: ${more.length + 1} runs have the task of run ${judged.id}; name one with --reference-run.`);
  }
  return ok(chosen);
}

function isSameTask(a: Run, b: Run): boolean {
  const [task, other] = [a.cohort?.task, b.cohort?.task];
  if (task !== undefined && other !== undefined) return task === other;
  return a.goal !== undefined && a.goal === b.goal;
}
