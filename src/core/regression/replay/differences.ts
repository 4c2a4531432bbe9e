import { isObject, type Json } from '../../util/json.ts';
import { escapePointerPart } from '../../util/pointer.ts';
import { sameJson } from '../sameJson.ts';
import { brief } from '../words.ts';

/** Places that are looked into this deep; below, values differ as a whole. */
const DEEPEST = 8;

/** Where a call differs from a recorded one, in words: `/order_id: A123, got A124`. */
export function differences(recorded: Json | undefined, made: Json | undefined, pointer = '', depth = 0): string[] {
  if (recorded !== undefined && made !== undefined && sameJson(recorded, made)) return [];
  if (depth < DEEPEST && isObject(recorded) && isObject(made)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(made)])];
    return names.flatMap((name) => {
      const [before, now] = [own(recorded, name), own(made, name)];
      return differences(before, now, `${pointer}/${escapePointerPart(name)}`, depth + 1);
    });
  }
  if (depth < DEEPEST && Array.isArray(recorded) && Array.isArray(made) && recorded.length === made.length) {
    return recorded.flatMap((one, i) => differences(one, made[i], `${pointer}/${i}`, depth + 1));
  }
  return [`${pointer || '/'}: ${words(recorded)}, got ${words(made)}`];
}

function own(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function words(value: Json | undefined): string {
  return value === undefined ? 'nothing' : brief(value);
}
