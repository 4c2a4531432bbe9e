import { isObject, type Json } from '../util/json.ts';

const TEXT = 'a text';
const NUMBER = 'a number';
const OBJECT = 'an object';
const THERE = 'there';

/** What stands where in a fixture: `*` is every element of a list, `?` may be absent. The Python helper has the same table. */
const SHAPES: readonly (readonly [place: string, shape: string])[] = [
  ['goal', TEXT],
  ['messages/*', OBJECT],
  ['messages/*/role', 'system, user, assistant or tool'],
  ['messages/*/content', TEXT],
  ['tools/*', OBJECT],
  ['tools/*/name', TEXT],
  ['environment?', OBJECT],
  ['recording/*/isError?', 'true or false'],
  ['recording/*/observation', THERE],
  ['failure/position', NUMBER],
  ['failure/calls/*', OBJECT],
  ['failure/calls/*/tool', TEXT],
  ['failure/calls/*/arguments', OBJECT],
  ['failure/message?', TEXT],
  ['correction/calls/*', OBJECT],
  ['correction/calls/*/tool', TEXT],
  ['correction/calls/*/arguments', OBJECT],
  ['correction/message?', TEXT],
  ['expect/*/tool?', TEXT],
  ['expect/*/claim?', TEXT],
  ['expect/*/count?', NUMBER],
  ['variants?/*', OBJECT],
  ['variants?/*/id', TEXT],
  ['variants?/*/changes', OBJECT],
  ['volatile/*', TEXT],
];

/** What is not of the shape that it should be, by its JSON pointer: a sentence, or undefined. */
export function shapeProblem(fixture: Json): string | undefined {
  for (const [place, shape] of SHAPES) {
    const pointer = misfit(fixture, place.split('/'), shape, '');
    if (pointer !== undefined) return `${pointer} must be ${shape}.`;
  }
  return undefined;
}

/** The pointer of the first value at a place that has not the shape. */
function misfit(value: Json, parts: readonly string[], shape: string, pointer: string): string | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return fits(value, shape) ? undefined : pointer;
  if (part === '*') {
    const all = Array.isArray(value) ? value : [];
    for (const [i, one] of all.entries()) {
      const found = misfit(one, rest, shape, `${pointer}/${i}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const name = part.replace('?', '');
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (member === undefined) return part === name ? `${pointer}/${[name, ...rest].join('/')}` : undefined;
  return misfit(member, rest, shape, `${pointer}/${name}`);
}

function fits(value: Json, shape: string): boolean {
  if (shape === TEXT) return typeof value === 'string';
  if (shape === NUMBER) return typeof value === 'number';
  if (shape === OBJECT) return isObject(value);
  if (shape === THERE) return true;
  if (shape === 'true or false') return typeof value === 'boolean';
  return typeof value === 'string' && shape.split(/, | or /).includes(value);
}
