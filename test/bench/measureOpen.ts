import { dirname } from 'node:path';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { judgeRun } from '../../src/node/judgement/judgeRun.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';
import { report } from './report.ts';

// What the worker does between a double-click and the suspect step: open, list, judge, rank, read that step's body.
const [path = ''] = process.argv.slice(2);
const start = performance.now();
const opened = await openTrace(await openFileSource(path), { neighbours: folderNeighbours(dirname(path)) });
if (!opened.ok) throw new Error(opened.decline.sentence);
const [run] = opened.value.trace.runs;
if (run === undefined) throw new Error('The trace has no run.');
await opened.value.step(run, 0);
const listed = performance.now();
const { suspects } = await judgeRun(opened.value, run);
const judged = performance.now();
const [suspect] = suspects;
await opened.value.step(run, suspect?.step ?? 0);
const end = performance.now();
report({ total: end - start, listed: listed - start, evaluated: judged - listed, steps: run.steps.length });
