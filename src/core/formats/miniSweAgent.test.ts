import { join } from 'node:path';
import { describe } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/mini-swe-agent');

describe('mini-swe-agent samples', () => {
  for (const name of ['tool-calls.traj.json', 'bash-blocks.traj.json', 'crashed.traj.json', 'bare.json']) {
    proveSample(join(corpus, name), 'mini-swe-agent');
  }
});
