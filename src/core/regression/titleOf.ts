import { assertNever } from '../util/assertNever.ts';
import type { JsonObject } from '../util/json.ts';
import type { WantedChange } from './expectations.ts';
import type { FixtureCall } from './fixture.ts';

/**
 * A test in words, from what must hold: `calls cancel_order with order_id A-1042`, `does not call purchase`. A
 * call that was made before (`isRepeat`) is forbidden once more.
 */
export function titleOf(wanted: WantedChange, isRepeat: boolean): string {
  switch (wanted.kind) {
    case 'forbid':
      return `does not ${isRepeat ? 'repeat' : 'call'} ${callWords(wanted)}`;
    case 'edit':
    case 'require':
      return `calls ${callWords(wanted)}`;
    case 'askFirst':
      return `asks before it calls ${wanted.tool}`;
    case 'mustNotClaim':
      return `does not claim "${shortened(wanted.claim)}"`;
    default:
      return assertNever(wanted);
  }
}

/** A name for the files of a step's test, from what the step did and not from what should have been: `cancel-order-a-1050`. */
export function slugOf(calls: readonly FixtureCall[]): string {
  const [call] = calls;
  if (call === undefined) return 'claim-without-action';
  const value = telling(call.arguments)?.[1];
  const words = `${call.tool} ${value ?? ''}`
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['regression'];
  return words.join('-').slice(0, 60).replace(/-+$/, '');
}

/** Cut between words. */
function shortened(claim: string): string {
  return claim.length <= 60 ? claim : `${claim.slice(0, 60).replace(/\s+\S*$/, '')}…`;
}

function callWords({ tool, arguments: args }: FixtureCall): string {
  const found = telling(args);
  return found === undefined ? tool : `${tool} with ${found[0]} ${String(found[1]).slice(0, 60)}`;
}

/** The argument that says most: a short value with a digit in it, else the first short one. */
function telling(args: JsonObject): [string, string | number] | undefined {
  const short = Object.entries(args).flatMap(([name, value]): [string, string | number][] =>
    (typeof value === 'string' && value.length <= 60 && value !== '') || typeof value === 'number'
      ? [[name, value]]
      : [],
  );
  return short.find(([, value]) => typeof value === 'string' && /\d/.test(value)) ?? short[0];
}
