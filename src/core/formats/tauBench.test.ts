import { join } from 'node:path';
import { describe } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/tau-bench');

describe('tau-bench samples', () => {
  for (const name of ['tau1.json', 'tau2.json', 'tau2-single.json', 'tau2-bare.json']) {
    proveSample(join(corpus, name), 'tau-bench');
  }
});
