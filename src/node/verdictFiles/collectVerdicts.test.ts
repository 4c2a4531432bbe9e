import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { Evaluation } from '../../core/evaluators/verdict.ts';
import { openTrace } from '../../core/formats/openTrace.ts';
import { openFileSource } from '../fileSource.ts';
import { judgeRun } from '../judgement/judgeRun.ts';
import { folderNeighbours } from '../neighbours.ts';
import { VerdictCollection } from './collectVerdicts.ts';

const path = resolve(import.meta.dirname, '../../../samples/traces/cancel-duplicate-order.trace.json');

async function collected(folder: string) {
  const source = await openFileSource(path);
  const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(path)) });
  if (!opened.ok) throw new Error(opened.decline.sentence);
  const collection = new VerdictCollection(folder);
  const { failed } = await collection.add(
    { path, trace: opened.value, source },
    opened.value.trace.runs,
    async (trace, run) => {
      // As the editor's reader answers it: with the name of the run.
      const evaluation: Evaluation = { ...(await judgeRun(trace, run)), run: run.id };
      return evaluation;
    },
  );
  await source.close?.();
  return { failed, report: collection.report('1.2.3') };
}

it('keeps what was judged of each run, with places, and without secrets that only steps give away', async () => {
  const { failed, report } = await collected(resolve(path, '../..'));
  expect(failed).toBe(true);
  expect(report.version).toBe('1.2.3');
  const [trace] = report.traces;
  expect(trace).toMatchObject({ path: 'traces/cancel-duplicate-order.trace.json', format: 'atif' });
  const [run] = trace?.runs ?? [];
  expect(run?.suspects[0]?.step).toBe(4);
  expect(run?.steps.get(4)?.region?.startLine).toBeGreaterThan(100);
  expect(JSON.stringify([...(run?.steps.values() ?? [])])).not.toContain('ines@');
});

it('tells no folder of a trace that is elsewhere', async () => {
  const { report } = await collected('/somewhere/else');
  expect(report.traces[0]?.path).toBe('cancel-duplicate-order.trace.json');
});
