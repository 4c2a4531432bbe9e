import type { Step } from '../trace/model.ts';
import { partText } from '../trace/stepText.ts';
import type { IndexedText, Role } from './textPlaces.ts';

/** Gives the texts of a step in which values may stand: what was said, what was called with what, what came back, the state. */
export function textsOf(step: Step, give: (place: IndexedText, text: string) => void): void {
  const { index } = step;
  if (step.thought !== undefined) give({ step: index, pointer: '/thought', role: 'agent' }, step.thought);
  for (const [i, part] of (step.message ?? []).entries()) {
    give({ step: index, pointer: `/message/${i}`, role: roleOf(step) }, partText(part));
  }
  for (const [i, action] of step.actions.entries()) {
    const base = `/actions/${i}`;
    give({ step: index, pointer: `${base}/arguments`, role: 'agent' }, JSON.stringify(action.arguments));
    for (const [j, part] of (action.observation?.content ?? []).entries()) {
      if (part.type === 'image') continue;
      give({ step: index, pointer: `${base}/observation/content/${j}`, role: 'observation' }, partText(part));
    }
    const feedback = action.approval?.feedback;
    if (feedback !== undefined) give({ step: index, pointer: `${base}/approval/feedback`, role: 'user' }, feedback);
  }
  for (const when of ['before', 'after'] as const) {
    const state = step.state?.[when];
    if (state !== undefined)
      give({ step: index, pointer: `/state/${when}`, role: 'observation' }, JSON.stringify(state));
  }
}

/** Whose a step's message is. */
function roleOf({ kind }: Step): Role {
  switch (kind) {
    case 'user':
    case 'approval':
      return 'user';
    case 'system':
      return 'system';
    case 'other':
      return 'observation';
    case 'plan':
    case 'action':
    case 'final':
      return 'agent';
  }
}
