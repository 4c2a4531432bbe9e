import { keyOf } from '../../provenance/argumentLeaves.ts';
import { leafKindOf } from '../../provenance/leafKind.ts';
import type { Json } from '../../util/json.ts';

/** Keys of what is said in other words each time. Commands, code, queries and the contents of files are none of these. */
const PROSE =
  /(?:^|_)(?:body|title|subject|summary|message|text|prompt|thoughts?|thinking|reasoning|plan|description|notes?|comments?|reason|explanation|answer|response)$/i;

/** True for an argument that a model words by itself, so that two good runs seldom agree on it. */
export function isProse(pointer: string, value: Json): boolean {
  const key = keyOf(pointer);
  return PROSE.test(key) && leafKindOf(key, value) === 'authored';
}
