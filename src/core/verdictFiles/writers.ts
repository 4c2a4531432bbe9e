import { jsonVerdicts } from './json.ts';
import { junitVerdicts } from './junit.ts';
import { markdownVerdicts } from './markdown.ts';
import { otlpVerdicts } from './otlp.ts';
import type { VerdictWriter } from './report.ts';
import { sarifVerdicts } from './sarif.ts';

/** Every format of verdict files, in the order of lists. A new one is one file with its test, and one line here. */
export const VERDICT_WRITERS: readonly VerdictWriter[] = [
  jsonVerdicts,
  sarifVerdicts,
  junitVerdicts,
  otlpVerdicts,
  markdownVerdicts,
];
