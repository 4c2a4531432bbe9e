import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReference } from '../../protocol/webviewApi.ts';
import { readText } from './findPrograms.ts';
import { walkWorkspace } from './walkWorkspace.ts';

const IN_JAVASCRIPT =
  /^export\s+(?:async\s+)?function\s*\*?\s*agent\b|^export\s+(?:const|let|var)\s+agent\b|^export\s*\{[^}]*\bagent\b[^}]*\}|^(?:module\.)?exports\.agent\s*=|^module\.exports\s*=\s*\{[^}]*\bagent\b/m;
const IN_PYTHON = /^(?:async\s+)?def\s+agent\s*\(|^agent\s*(?::[^=\n]+)?=/m;

const MOST_BYTES = 512 * 1024;
const MOST_READ = 2000;
const MOST_FOUND = 20;

export interface FoundAgent extends AgentReference {
  /** How many of the tools it names. */
  readonly known: number;
}

/**
 * Files of the workspace that offer a callable named `agent`. First those that name most of the tools that the run
 * calls: one of them is likely to have made it.
 */
export async function findAgents(workspaceFolder: string, tools: readonly string[]): Promise<FoundAgent[]> {
  const found: { path: string; known: number }[] = [];
  let read = 0;
  for await (const path of walkWorkspace(workspaceFolder, isSource)) {
    const file = join(workspaceFolder, path);
    const size = await stat(file).then(
      (stats) => stats.size,
      () => MOST_BYTES,
    );
    if (size >= MOST_BYTES) continue;
    if (++read > MOST_READ || found.length >= MOST_FOUND) break;
    const text = (await readText(file)) ?? '';
    if (!(path.endsWith('.py') ? IN_PYTHON : IN_JAVASCRIPT).test(text)) continue;
    found.push({ path, known: new Set(tools.filter((tool) => text.includes(tool))).size });
  }
  return found.sort((a, b) => b.known - a.known).map((one) => ({ ...one, name: 'agent' }));
}

function isSource(name: string): boolean {
  if (/\.(?:test|spec|d)\.[cm]?[jt]s$|^test_.*\.py$|_test\.py$/.test(name)) return false;
  return /\.(?:[cm]?[jt]s|py)$/.test(name);
}
