import { escapePointerPart, leavesOf } from '../util/pointer.ts';
import type { ContentPart, Step } from './model.ts';

/** The words of content parts, one part a line; an image is its place holder. */
export function partsText(parts: readonly ContentPart[]): string {
  return parts.map(partText).join('\n');
}

/** The words of one content part. */
export function partText(part: ContentPart): string {
  switch (part.type) {
    case 'text':
    case 'diff':
    case 'terminal':
      return part.text;
    case 'json':
      return JSON.stringify(part.value);
    case 'image':
      return `[image ${part.path ?? part.url ?? part.mediaType}]`;
  }
}

export interface StepString {
  /** JSON pointer into the step. */
  readonly pointer: string;
  readonly text: string;
}

/**
 * Every text of a step with its pointer, in reading order: thought, message, then each action with its arguments and its
 * observation. Base64 image data is left out. This is what find, filters and provenance look through.
 */
export function* stringsOf(step: Step): Generator<StepString> {
  if (step.thought !== undefined) yield { pointer: '/thought', text: step.thought };
  yield* contentStrings(step.message ?? [], '/message');
  for (const [i, action] of step.actions.entries()) {
    const base = `/actions/${i}`;
    yield { pointer: `${base}/tool`, text: action.tool };
    for (const key of Object.keys(action.arguments)) {
      const value = action.arguments[key];
      if (value === undefined) continue;
      for (const leaf of leavesOf(value, `${base}/arguments/${escapePointerPart(key)}`)) {
        yield { pointer: leaf.pointer, text: typeof leaf.value === 'string' ? leaf.value : JSON.stringify(leaf.value) };
      }
    }
    if (action.rawArguments !== undefined && Object.keys(action.arguments).length === 0) {
      yield { pointer: `${base}/rawArguments`, text: action.rawArguments };
    }
    yield* contentStrings(action.observation?.content ?? [], `${base}/observation/content`);
  }
}

function* contentStrings(parts: readonly ContentPart[], pointer: string): Generator<StepString> {
  for (const [i, part] of parts.entries()) {
    switch (part.type) {
      case 'text':
      case 'diff':
      case 'terminal':
        yield { pointer: `${pointer}/${i}/text`, text: part.text };
        break;
      case 'json':
        for (const leaf of leavesOf(part.value, `${pointer}/${i}/value`)) {
          yield {
            pointer: leaf.pointer,
            text: typeof leaf.value === 'string' ? leaf.value : JSON.stringify(leaf.value),
          };
        }
        break;
      case 'image':
        break;
    }
  }
}
