import { resolvePointer } from '../../../src/core/util/pointer.ts';
import { Provenance } from '../../../src/worker/provenance.ts';
import { must, type Target } from '../target.ts';

/** Where arguments came from, and who took values later, at some steps. */
export const provenance: Target = {
  id: 'provenance',
  needsTrace: true,
  attack: async ({ opened, steps }) => {
    if (opened === undefined) return;
    const kept = new Provenance();
    for (const { run, step } of steps) {
      const origins = await kept.origins(opened, run, step.index, new AbortController().signal);
      for (const { pointer, sources } of origins) {
        must(pointer.startsWith('/actions/'), `an origin of ${pointer}`);
        for (const source of sources) {
          must(
            source.step >= -1 && source.step < step.index,
            `${pointer} of step ${step.index} came from step ${source.step}`,
          );
          must(source.excerpt.length <= 120, `an excerpt of ${source.excerpt.length} characters`);
          if (source.step < 0 || source.range === undefined) continue;
          const value = resolvePointer(await opened.step(run, source.step), source.pointer);
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          const words = text.slice(source.range.start, source.range.end);
          must(words === source.quote, `${source.pointer} holds ${words}, not ${source.quote}`);
        }
      }
      const { uses } = await kept.laterUses(opened, run, step.index, new AbortController().signal);
      for (const { place, usedBy } of uses) {
        must(place.step === step.index, `a value of step ${place.step} among those of step ${step.index}`);
        for (const use of usedBy) must(use.step > step.index, `step ${use.step} takes from step ${step.index}`);
      }
    }
  },
};
