import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { UndoCall } from '../../core/guard/undo.ts';
import { redact } from '../../core/redact/redact.ts';
import type { JsonObject } from '../../core/util/json.ts';
import { secretlintDetector } from '../regression/secretDetector.ts';

/** How an approval was given, or why not. */
export type Approval = 'accepted' | 'declined' | 'cancelled' | 'could not be asked' | '--approve';

/** One line of the log. Of each call there is one `call` and one `result`. `call` counts those of the session from 1. */
export type AuditEntry =
  | {
      readonly event: 'call';
      readonly call: number;
      readonly tool: string;
      readonly arguments: JsonObject;
      readonly decision: 'allow' | 'refuse' | 'ask';
      readonly reason?: string;
    }
  | { readonly event: 'approval'; readonly call: number; readonly tool: string; readonly approval: Approval }
  | {
      readonly event: 'result';
      readonly call: number;
      readonly tool: string;
      readonly result: 'ok' | 'error' | 'unknown' | 'not called';
      /** What would take it back, where that is known. */
      readonly undo?: UndoCall;
    };

/** What guards a session tells of it. */
export interface AuditLog {
  /** Rejects when it can't be written; then the call must not be made. */
  write(entry: AuditEntry): Promise<void>;
  close(): void;
}

/** Appends JSON Lines to a file that only its owner may read. What looks like a secret is replaced. Throws when it can't be opened. */
export function fileAudit(path: string): AuditLog {
  const file = openSync(path, 'a', 0o600);
  const session = randomUUID();
  return {
    write: async (entry) => {
      const plain: JsonObject = JSON.parse(JSON.stringify(entry));
      const { value } = await redact(plain, secretlintDetector);
      // At once: what was decided is on record before the call is made.
      writeSync(file, `${JSON.stringify({ time: new Date().toISOString(), session, ...value })}\n`);
    },
    close: () => closeSync(file),
  };
}

/** For who wants none. */
export const NO_AUDIT: AuditLog = { write: async () => undefined, close: () => undefined };
