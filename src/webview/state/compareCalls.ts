import type { Action, Step } from '../../core/trace/model.ts';
import { partText } from '../../core/trace/stepText.ts';
import { tryParse } from '../../core/util/json.ts';
import type { Session } from './session.ts';

/** Characters of one text that are compared. */
const COMPARED = 5_000_000;

/** Opens a diff of what a tool returned at an earlier step and what it returned to an action of the current one. */
export async function compareCalls(session: Session, number: number, previous: number): Promise<void> {
  const { run, step } = session.store.get();
  const [before, now] = await Promise.all(
    [previous, step].map((at) => session.host.step({ run, step: at, cutAt: COMPARED })),
  );
  const action = now?.step.actions[number];
  if (before === undefined || action === undefined) return;
  await session.host.showDiff({
    title: `${action.tool}: step ${previous + 1} ↔ step ${step + 1}`,
    left: observationText(lastCallOf(before.step, action.tool)),
    right: observationText(action),
  });
}

function lastCallOf(step: Step, tool: string): Action | undefined {
  return step.actions.findLast((action) => action.tool === tool);
}

/** What a call returned, as text for a diff: JSON is laid out, so that it differs line by line. */
export function observationText(action: Action | undefined): string {
  const parts = action?.observation?.content ?? [];
  return parts.map((part) => laidOut(partText(part))).join('\n');
}

function laidOut(text: string): string {
  const value = tryParse(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, undefined, 2) : text;
}
