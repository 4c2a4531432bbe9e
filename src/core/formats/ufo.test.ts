import { join } from 'node:path';
import { describe } from 'vitest';
import { proveSample } from '../../../test/support/proveReader.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus/ufo');

describe('Microsoft UFO', () => {
  for (const name of [
    'v2/response.log',
    'v2/request.log',
    'v2/evaluation.log',
    'v3/response.log',
    'confirm/response.log',
    'task-plan.json',
    'task-action.json',
    'mismatched.json',
    'galaxy.json',
  ])
    proveSample(join(corpus, name), 'ufo');
});
