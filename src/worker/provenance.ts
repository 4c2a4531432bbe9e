import type { OpenTrace } from '../core/formats/openTrace.ts';
import type { ArgumentOrigin } from '../core/provenance/origin.ts';
import { originsOf } from '../core/provenance/originsOf.ts';
import { ValueIndex } from '../core/provenance/valueIndex.ts';
import type { Run } from '../core/trace/model.ts';

/** The value index of each run, built up to the step that is asked for and no further, and kept. */
export class Provenance {
  private readonly indexes = new Map<string, { index: ValueIndex; next: number; building: Promise<void> }>();

  /** Where each argument of a step came from. */
  async origins(trace: OpenTrace, run: Run, step: number, signal: AbortSignal): Promise<ArgumentOrigin[]> {
    const known = this.indexes.get(run.id) ?? { index: new ValueIndex(run), next: 0, building: Promise.resolve() };
    this.indexes.set(run.id, known);
    // One builder at a time, or two quick questions would add the same steps twice.
    const before = known.building;
    known.building = (async () => {
      await before.catch(() => undefined);
      for await (const body of trace.steps(run, known.next, step, signal)) {
        known.index.add(body);
        known.next = body.index + 1;
      }
    })();
    await known.building;
    return originsOf(await trace.step(run, step), known.index, (index) => trace.step(run, index));
  }
}
