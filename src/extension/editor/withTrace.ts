import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import { type OpenTrace, openTrace } from '../../core/formats/openTrace.ts';
import { openFileSource } from '../../node/fileSource.ts';
import { folderNeighbours } from '../../node/neighbours.ts';

/** Opens a trace for as long as `use` takes. Rejects with a sentence when it can't be read. */
export async function withTrace<T>(uri: vscode.Uri, use: (trace: OpenTrace) => Promise<T>): Promise<T> {
  const source = await openFileSource(uri.fsPath);
  try {
    const opened = await openTrace(source, { neighbours: folderNeighbours(dirname(uri.fsPath)) });
    if (!opened.ok) throw new Error(opened.decline.sentence);
    return await use(opened.value);
  } finally {
    await source.close?.();
  }
}
