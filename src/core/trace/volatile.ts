/** Argument names whose value differs from call to call by nature. An idempotency key is not one: it tells calls apart. */
const VOLATILE = /^(?:timestamp|request_?id|trace_?id|span_?id|tool_?call_?id|call_?id|nonce|_meta)$/i;

/** True for the name of an argument that is new in every call and says nothing of what was decided. */
export function isVolatile(name: string): boolean {
  return VOLATILE.test(name);
}
