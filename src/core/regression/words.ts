import type { Json } from '../util/json.ts';
import { jsonText } from '../util/jsonText.ts';
import type { ArgumentsMatcher, FixtureCall } from './fixture.ts';
import { isMatcher } from './matchers.ts';

/** A wanted call's arguments in words: ` with order_id A-1042, amount number 20 ± 0.5`. */
export function described(args: ArgumentsMatcher): string {
  const named = Object.entries(args).map(([name, matcher]) => {
    if (!isMatcher(matcher)) return `${name} ${brief(matcher)}`;
    const { $match, ...rest } = matcher;
    return `${name} ${$match} ${Object.values(rest).map(brief).join(' ± ')}`.trimEnd();
  });
  return named.length === 0 ? '' : ` with ${named.join(', ')}`;
}

/** A call in words: `cancel_order({"order_id":"A-1042"})`. */
export function shown({ tool, arguments: args }: FixtureCall): string {
  return `${tool}(${brief(args)})`;
}

/** A value in at most 120 characters. */
export function brief(value: Json): string {
  const text = typeof value === 'string' ? value : jsonText(value);
  // By whole characters: half of a pair is none.
  const characters = [...text.slice(0, 300)];
  return characters.length > 120 ? `${characters.slice(0, 119).join('')}…` : text;
}

/** `once`, `2 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
