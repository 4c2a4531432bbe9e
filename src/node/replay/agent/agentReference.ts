import { resolve } from 'node:path';
import { err, ok, type Result } from '../../../core/util/result.ts';

/** A callable of the person's: `agents/orders.ts:agent`. */
export interface AgentFile {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  readonly language: 'js' | 'ts' | 'py';
}

/** Reads `FILE:NAME`, as people write it. The name may be left out: then it is `agent`. */
export function agentReference(text: string): Result<AgentFile> {
  const [, file = text, name = 'agent'] = /^(.+):([\p{L}_$][\p{L}\p{N}_$]*)$/u.exec(text) ?? [];
  const [, ending] = /\.([cm]?js|[cm]?ts|py)$/.exec(file) ?? [];
  if (ending === undefined) {
    return err(`--agent takes FILE:NAME, like agents/orders.ts:agent; "${file}" is no .js, .mjs, .ts or .py file.`);
  }
  const language = ending === 'py' ? 'py' : ending.endsWith('ts') ? 'ts' : 'js';
  return ok({ file: resolve(file), name, language });
}
