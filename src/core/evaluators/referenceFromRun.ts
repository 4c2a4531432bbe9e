import type { OpenTrace } from '../formats/openTrace.ts';
import type { Run, Step } from '../trace/model.ts';
import type { ExpectedCall, Reference } from './reference.ts';
import { failed } from './shared/actions.ts';
import { endsWith } from './shared/toolKinds.ts';

/** A run as a reference for others: its calls that worked, in order. `from` names it in sentences: `run 0 of good.json`. */
export async function referenceFromRun(
  trace: Pick<OpenTrace, 'steps'>,
  run: Run,
  from: string,
  signal?: AbortSignal,
): Promise<Reference> {
  const calls: ExpectedCall[] = [];
  for await (const step of trace.steps(run, 0, run.steps.length, signal)) calls.push(...expectedOf(step));
  return { from, calls, order: 'in-order' };
}

function expectedOf(step: Step): ExpectedCall[] {
  return step.actions
    .filter((action) => !failed(action))
    .map((action): ExpectedCall => {
      const { tool, target } = action;
      return {
        tools: [tool],
        ...(action.argumentsRecorded && { arguments: action.arguments }),
        ...(target !== undefined && { target }),
        ends: endsWith(step, tool),
      };
    });
}
