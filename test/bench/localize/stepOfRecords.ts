import type { OpenTrace } from '../../../src/core/formats/openTrace.ts';
import type { Run } from '../../../src/core/trace/model.ts';

/**
 * The step that shows each record of a list, told by byte ranges: the parts of the run's steps in the order of the file
 * are gone through beside the list, and a part belongs to a record when its bytes parse to the same value. -1 for a
 * record of which no step shows anything. Throws when a part fits no record, for then every index after it is in doubt.
 */
export async function stepOfRecords(
  opened: Pick<OpenTrace, 'raw'>,
  run: Run,
  records: readonly unknown[],
): Promise<number[]> {
  const parts: { start: number; step: number; text: string }[] = [];
  for (const row of run.steps) {
    for (const { range, text } of await opened.raw(row)) parts.push({ start: range.start, step: row.index, text });
  }
  parts.sort((a, b) => a.start - b.start);
  const stepOf = records.map(() => -1);
  let record = 0;
  for (const part of parts) {
    const value = JSON.stringify(JSON.parse(part.text));
    while (record < records.length && JSON.stringify(records[record]) !== value) record++;
    if (record === records.length) throw new Error(`The bytes of step ${part.step} are no record of the list.`);
    stepOf[record++] = part.step;
  }
  return stepOf;
}
