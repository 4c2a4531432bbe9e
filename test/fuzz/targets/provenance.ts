import { Provenance } from '../../../src/worker/provenance.ts';
import { must, type Target } from '../target.ts';

/** Where arguments came from, at some steps. */
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
        }
      }
    }
  },
};
