import type { Action } from '../trace/model.ts';
import { isVolatile } from '../trace/volatile.ts';
import { canonicalJson } from '../util/canonical.ts';
import { digestOf } from '../util/digest.ts';
import type { Json } from '../util/json.ts';
import { ownText } from '../util/ownText.ts';
import { leavesOf, pointerParts } from '../util/pointer.ts';

/** What of an action tells one call from another: small enough to keep for every call of a run. */
export interface ComparedCall {
  readonly tool: string;
  /** Equal exactly when tool, arguments (without volatile ones) and target are. */
  readonly key: string;
  /** Pointers into the action: `/arguments/order_id`, `/target/element`. */
  readonly values: ReadonlyMap<string, ComparedValue>;
  /** False when the file does not record arguments: then they differ from nothing. */
  readonly argumentsRecorded: boolean;
}

/** A value of a call: its JSON text, cut, and a digest of the whole. */
export interface ComparedValue {
  readonly text: string;
  readonly digest: string;
}

/** The parts of an action that say what was called. */
export type CallParts = Pick<
  Action,
  'tool' | 'arguments' | 'argumentsRecorded' | 'rawArguments' | 'argumentsProblem' | 'target'
>;

/** A call with more values than this is told by these, and by one digest of all others. */
const MOST_VALUES = 50;
/** Characters of a value that are kept to be shown. */
const KEPT = 120;
/** Where the values stand that were too many to keep one by one. */
const OTHERS = '/arguments';

/** What `align` and `differences` need of a call; values for which `skips` holds are left out of it. */
export function comparedCall(
  action: CallParts,
  skips: (pointer: string, value: Json) => boolean = () => false,
): ComparedCall {
  const { tool, argumentsRecorded, target } = action;
  const values = new Map<string, ComparedValue>();
  const others: string[] = [];
  for (const { pointer, value } of [...argumentLeaves(action), ...leavesOf({ ...target } as Json, '/target')]) {
    if (pointer === '/arguments' || pointer === '/target' || skips(pointer, value)) continue;
    const text = canonicalJson(value);
    if (values.size >= MOST_VALUES) others.push(pointer, text);
    else values.set(pointer, { text: ownText(text, 0, KEPT), digest: digestOf(text) });
  }
  if (others.length > 0) values.set(OTHERS, { text: '…', digest: digestOf(others.join('\n')) });
  const parts = [...values].map(([pointer, { digest }]) => `${pointer}=${digest}`).sort();
  return { tool, key: `${tool} ${digestOf(JSON.stringify([argumentsRecorded, parts]))}`, values, argumentsRecorded };
}

/** The same call under another name of its tool. */
export function underName(call: ComparedCall, tool: string): ComparedCall {
  return call.tool === tool ? call : { ...call, tool, key: `${tool}${call.key.slice(call.tool.length)}` };
}

/** The values of the arguments; what is no JSON object is one value, its text. */
function argumentLeaves(action: CallParts): { pointer: string; value: Json }[] {
  if (!action.argumentsRecorded) return [];
  if (action.argumentsProblem !== undefined) return [{ pointer: '/rawArguments', value: action.rawArguments ?? null }];
  return [...leavesOf(action.arguments, '/arguments')].filter(({ pointer }) => !pointerParts(pointer).some(isVolatile));
}

/** How alike two calls' values are, in [0, 1]: the values that are equal, of all there are. */
export function likeness(left: ComparedCall, right: ComparedCall): number {
  if (left.key === right.key) return 1;
  const all = left.values.size + right.values.size;
  if (all === 0) return 1;
  let equal = 0;
  for (const [pointer, { digest }] of left.values) if (right.values.get(pointer)?.digest === digest) equal++;
  return (2 * equal) / all;
}
