/** A value or a sentence for a person. Boundaries return this instead of throwing. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** Wraps a value as a success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a sentence (what, where, what to do next) as a failure. */
export function err(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
