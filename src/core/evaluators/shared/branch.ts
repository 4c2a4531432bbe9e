import type { StepRow } from '../../trace/model.ts';

/**
 * The sequence a step belongs to: steps under the same parent by the same agent. Loops are looked for inside one branch
 * only, because the same call in sibling branches is fan-out and not a loop.
 */
export function branchOf(step: Pick<StepRow, 'parent' | 'agent'>): string {
  return `${step.parent}/${step.agent ?? ''}`;
}
