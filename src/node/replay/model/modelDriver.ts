import type { Fixture } from '../../../core/regression/fixture.ts';
import { offeredTools } from '../offeredTools.ts';
import type { Driver } from '../replayRun.ts';
import type { ModelToRun } from './chatLoop.ts';

/** Runs a model in an agent's place: Hindstep itself is the tool loop. */
export function overModel({ tools, recording }: Pick<Fixture, 'tools' | 'recording'>, model: ModelToRun): Driver {
  return async (session, signal) => {
    const { chatLoop } = await import('./chatLoop.ts');
    return chatLoop(session, offeredTools(tools, recording), model, signal);
  };
}
