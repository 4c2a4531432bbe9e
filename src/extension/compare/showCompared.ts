import type { ComparedRuns } from '../../core/compare/compareRuns.ts';
import { pairedTexts } from '../../core/compare/pairedTexts.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import type { Run } from '../../core/trace/model.ts';
import { showDiff } from '../editor/readonlyTexts.ts';

type Source = readonly [Pick<OpenTrace, 'step'>, Run];

/** Shows two runs in VS Code's diff editor, the same calls side by side. */
export async function showCompared(title: string, compared: ComparedRuns, left: Source, right: Source): Promise<void> {
  await showDiff({ title, ...(await pairedTexts(compared, left, right)) });
}
