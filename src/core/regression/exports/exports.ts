import { adk } from './adk.ts';
import { agentevals } from './agentevals.ts';
import type { FixtureExport } from './fixtureExport.ts';
import { langsmith } from './langsmith.ts';
import { promptfoo } from './promptfoo.ts';

/** Every tool that fixtures are exported to. A new one is one file and one line here. */
export const EXPORTS: readonly FixtureExport[] = [promptfoo, adk, agentevals, langsmith];

/** The export of a name. */
export function exportNamed(id: string): FixtureExport | undefined {
  return EXPORTS.find((one) => one.id === id);
}
