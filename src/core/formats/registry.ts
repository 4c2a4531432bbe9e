import type { Format } from './format.ts';

/** Every format, in the order of detection: the most specific marks first. A new format is one file and one line here. */
export const FORMATS: readonly Format[] = [];
