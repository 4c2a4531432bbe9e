import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type OpenTrace, openTrace } from '../../src/core/formats/openTrace.ts';
import { memorySource, type Neighbours, noNeighbours, textSource } from '../../src/core/source/byteSource.ts';
import type { Run, StepRow } from '../../src/core/trace/model.ts';
import { folderNeighbours } from '../../src/node/neighbours.ts';
import { outlineText } from './outlineText.ts';

/** Opens bytes, under a name that says nothing unless told; fails the test when they are declined. */
export async function openBytes(
  bytes: Uint8Array,
  neighbours: Neighbours = noNeighbours,
  name = 'trace',
): Promise<OpenTrace> {
  const opened = await openTrace(memorySource(name, bytes), { neighbours });
  if (!opened.ok) throw new Error(`declined: ${opened.decline.sentence}`);
  return opened.value;
}

/** Opens text under a name that says nothing. */
export function openText(text: string): Promise<OpenTrace> {
  return openBytes(new TextEncoder().encode(text));
}

/**
 * The proof that every sample of a format goes through: it is recognised by its content alone, its outline equals the
 * golden file beside it (`<name>.golden.txt`), its records are all accounted for, rows and bodies agree, and it still
 * opens when it is cut off anywhere.
 */
export function proveSample(path: string, format: string): void {
  const bytes = new Uint8Array(readFileSync(path));
  const neighbours = folderNeighbours(dirname(path));
  const name = basename(path);

  it(`${name}: is recognised as ${format} without its name`, async () => {
    expect((await openBytes(bytes, neighbours)).trace.format).toBe(format);
  });

  it(`${name}: opens as its golden file says`, async () => {
    const text = await outlineText(await openBytes(bytes, neighbours, name));
    await expect(text).toMatchFileSnapshot(join(dirname(path), `${name}.golden.txt`));
  });

  it(`${name}: accounts for every record, and rows agree with bodies`, async () => {
    await expectWhole(await openBytes(bytes, neighbours, name));
  });

  it(`${name}: opens when it is cut off`, async () => {
    await expectCutsOpen(bytes, format);
  });
}

/** Every record is in a step, describes a run or stands in a problem; rows are well formed and agree with bodies. */
export async function expectWhole(opened: OpenTrace): Promise<void> {
  const { records, mapped, metadata, unmapped } = opened.trace.accounting;
  expect({ records }).toEqual({ records: mapped + metadata + unmapped });
  const ids = opened.trace.runs.map((run) => run.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const run of opened.trace.runs) {
    expectRows(run);
    for await (const step of opened.steps(run)) {
      const where = `${run.id} #${step.index}`;
      expect([where, step.actions.map((action) => action.tool)]).toEqual([where, step.tools]);
      const failed = step.actions.some((action) => action.observation?.isError === true);
      if (failed) expect([where, ['error', 'suspect-error']]).toEqual([where, expect.arrayContaining([step.status])]);
      if (step.status === 'suspect-error') expect([where, failed]).toEqual([where, true]);
      for (const action of step.actions) {
        if (!action.argumentsRecorded) expect([where, action.arguments]).toEqual([where, {}]);
      }
    }
  }
}

function expectRows(run: Run): void {
  expect(new Set(run.steps.map((row) => row.id)).size).toBe(run.steps.length);
  for (const [index, row] of run.steps.entries()) {
    const where = `${run.id} #${index}`;
    expect([where, row.index]).toEqual([where, index]);
    expect([where, row.preview.length <= 160 && !/[\r\n]/.test(row.preview)]).toEqual([where, true]);
    expect([where, row.parts.length > 0]).toEqual([where, true]);
    expect([where, row.parts]).toEqual([where, inFileOrder(row)]);
    expect([where, nestedAsSaid(run, row)]).toEqual([where, true]);
  }
  if (run.goalStep !== undefined) expect(run.steps[run.goalStep]?.kind).toBe('user');
}

function inFileOrder(row: StepRow): StepRow['parts'] {
  return [...row.parts].sort((a, b) => a.source - b.source || a.start - b.start);
}

/** `[index + 1, end)` are exactly a row's descendants, and depth counts the parents. */
function nestedAsSaid(run: Run, row: StepRow): boolean {
  const parent = run.steps[row.parent];
  if (row.parent >= 0) {
    if (parent === undefined || row.parent >= row.index || row.index >= parent.end) return false;
    if (row.depth !== parent.depth + 1) return false;
  } else if (row.depth !== 0) return false;
  const inside = run.steps.slice(row.index + 1, row.end);
  const after = run.steps[row.end];
  return inside.every((other) => other.depth > row.depth) && (after === undefined || after.depth <= row.depth);
}

/** Cut at every tenth: from the first cut that can be recognised on, every longer one opens and accounts for all. */
export async function expectCutsOpen(bytes: Uint8Array, format: string): Promise<void> {
  let opens = false;
  for (let tenth = 1; tenth < 10; tenth++) {
    const part = bytes.subarray(0, Math.floor((bytes.length * tenth) / 10));
    const opened = await openTrace(memorySource('trace', part));
    if (!opened.ok) {
      expect([tenth, opens, tenth < 5]).toEqual([tenth, false, true]);
      expect(opened.decline.sentence).not.toBe('');
      continue;
    }
    opens = true;
    expect([tenth, opened.value.trace.format]).toEqual([tenth, format]);
    await expectWhole(opened.value);
  }
}

/** Opens text, expecting that it is declined, and answers the sentence. */
export async function declinedSentence(text: string): Promise<string> {
  const opened = await openTrace(textSource('trace', text));
  if (opened.ok) throw new Error(`opened as ${opened.value.trace.format}`);
  return opened.decline.sentence;
}
