import { join } from 'node:path';
import { describe } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/swe-agent');

describe('swe-agent samples', () => {
  for (const name of ['function-calling.traj', 'text.traj']) {
    proveSample(join(corpus, name), 'swe-agent');
  }
});
