import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { leavesOf, pointerParts } from '../util/pointer.ts';

/** Names of arguments that are new in every run by design. */
const VOLATILE =
  /^(?:request_?id|correlation_?id|idempotency_?key|trace_?id|span_?id|nonce|timestamp|created_?at|now|client_?token|session_?id)$/i;

/** Pointers of the arguments in these calls that differ from run to run and say nothing about the decision. */
export function volatilePointers(calls: readonly { readonly arguments: JsonObject }[]): string[] {
  const found = new Set<string>();
  for (const call of calls) {
    for (const { pointer } of leavesOf(call.arguments)) {
      if (VOLATILE.test(pointerParts(pointer).at(-1) ?? '')) found.add(pointer);
    }
  }
  return [...found].sort();
}

/** The arguments without what the pointers point at. */
export function withoutVolatile(args: JsonObject, pointers: readonly string[]): JsonObject {
  return pointers.reduce<JsonObject>((left, pointer) => {
    const kept = without(left, pointerParts(pointer));
    return isObject(kept) ? kept : left;
  }, args);
}

function without(value: Json, [part, ...rest]: readonly string[]): Json {
  if (part === undefined) return value;
  if (Array.isArray(value)) return value.map((element, i) => (String(i) === part ? without(element, rest) : element));
  if (!isObject(value) || !Object.hasOwn(value, part)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      name !== part ? [[name, member]] : rest.length === 0 ? [] : [[name, without(member, rest)]],
    ),
  );
}
