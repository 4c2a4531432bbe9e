import type { Command } from './command.ts';
import { cohort } from './commands/cohort.ts';
import { convert } from './commands/convert.ts';
import { diff } from './commands/diff.ts';
import { evalCommand } from './commands/eval.ts';
import { evaluator } from './commands/evaluator.ts';
import { fixture } from './commands/fixture.ts';
import { fixtures } from './commands/fixtures.ts';
import { fork } from './commands/fork.ts';
import { guard } from './commands/guard.ts';
import { guardrail } from './commands/guardrail.ts';
import { locate } from './commands/locate.ts';
import { provenance } from './commands/provenance.ts';
import { replay } from './commands/replay.ts';
import { show } from './commands/show.ts';
import { steps } from './commands/steps.ts';
import { test } from './commands/test.ts';

/** Every subcommand, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  show,
  steps,
  evalCommand,
  cohort,
  locate,
  provenance,
  fixture,
  fixtures,
  replay,
  guardrail,
  guard,
  fork,
  diff,
  test,
  convert,
  evaluator,
];
