import type { Step } from '../trace/model.ts';
import { partText } from '../trace/stepText.ts';
import type { IndexedText, Role } from './textPlaces.ts';

/** A text of a step and whose it is. */
export interface PlacedText {
  readonly place: IndexedText;
  readonly text: string;
}

/** The texts of a step in which values may stand: what was said, what was called with what, what came back, the state. */
export function* textsOf(step: Step): Generator<PlacedText> {
  const { index } = step;
  const role = roleOf(step);
  if (step.thought !== undefined) yield placed(index, '/thought', 'agent', step.thought);
  for (const [i, part] of (step.message ?? []).entries()) yield placed(index, `/message/${i}`, role, partText(part));
  for (const [i, action] of step.actions.entries()) {
    const base = `/actions/${i}`;
    yield placed(index, `${base}/arguments`, 'agent', JSON.stringify(action.arguments));
    for (const [j, part] of (action.observation?.content ?? []).entries()) {
      if (part.type === 'image') continue;
      yield placed(index, `${base}/observation/content/${j}`, 'observation', partText(part));
    }
    const feedback = action.approval?.feedback;
    if (feedback !== undefined) yield placed(index, `${base}/approval/feedback`, 'user', feedback);
  }
  for (const when of ['before', 'after'] as const) {
    const state = step.state?.[when];
    if (state !== undefined) yield placed(index, `/state/${when}`, 'observation', JSON.stringify(state));
  }
}

function placed(step: number, pointer: string, role: Role, text: string): PlacedText {
  return { place: { step, pointer, role }, text };
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
