import type { Target } from './target.ts';
import { draw } from './targets/draw.ts';
import { evaluate } from './targets/evaluate.ts';
import { fixture } from './targets/fixture.ts';
import { judge } from './targets/judge.ts';
import { open } from './targets/open.ts';
import { provenance } from './targets/provenance.ts';
import { raw } from './targets/raw.ts';
import { redact } from './targets/redact.ts';
import { scan } from './targets/scan.ts';
import { search } from './targets/search.ts';
import { service } from './targets/service.ts';

/** All targets. `open` stands first: the others ask the trace that it opened. */
export const TARGETS: readonly Target[] = [
  open,
  scan,
  raw,
  evaluate,
  judge,
  provenance,
  redact,
  fixture,
  search,
  service,
  draw,
];
