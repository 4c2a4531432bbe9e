import { assertNever } from '../util/assertNever.ts';
import type { JsonObject } from '../util/json.ts';
import { identityOf, type WantedChange } from './expectations.ts';
import type { FixtureCall } from './fixture.ts';
import { sameJson } from './matchers.ts';

/** A test's title in words: "cancel_order is called with order_id A-1042, not A-1050". At most 120 characters. */
export function titleOf(correction: WantedChange, failing: readonly FixtureCall[]): string {
  const { kind, tool, arguments: args } = correction;
  switch (kind) {
    case 'forbid':
      return cut(`${tool} is not called${withArguments(identityOf(args))}`);
    case 'require':
      return cut(`${tool} is called${withArguments(identityOf(args))}`);
    case 'edit': {
      const recorded = failing.find((call) => call.tool === tool)?.arguments ?? {};
      const [name] = Object.keys(args).filter((key) => !sameJson(args[key] ?? null, recorded[key] ?? null));
      if (name === undefined) return cut(`${tool} is called${withArguments(identityOf(args))}`);
      const instead = Object.hasOwn(recorded, name) ? `, not ${words(recorded, name)}` : '';
      return cut(`${tool} is called with ${name} ${words(args, name)}${instead}`);
    }
    default:
      return assertNever(kind);
  }
}

/** A title as a part of a file name: lower-case words joined by hyphens, at most 60 characters; `regression` for none. */
export function slugOf(title: string): string {
  const whole = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (whole === '') return 'regression';
  if (whole.length <= 60) return whole;
  const short = whole.slice(0, 61);
  return short.slice(0, Math.max(short.lastIndexOf('-'), 20)).replace(/-+$/, '');
}

function withArguments(args: JsonObject): string {
  const [first] = Object.keys(args);
  return first === undefined ? '' : ` with ${first} ${words(args, first)}`;
}

function words(args: JsonObject, name: string): string {
  const value = args[name] ?? null;
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ');
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}

function cut(title: string): string {
  return title.length > 120 ? `${title.slice(0, 119)}…` : title;
}
