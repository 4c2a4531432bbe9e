import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../../../scripts/support/debian.mjs';
import { root } from '../../../scripts/support/root.mjs';
import { installServer, installVsix, serverFolders, startServer } from '../../../scripts/support/vscodeServer.mjs';
import { packVsix } from '../../../scripts/support/vsix.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
    chromium: string;
  }
}

/** Installs VS Code's server and the packed extension, and keeps one server running for all specs. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = findChromium();
  if (chromium === undefined)
    throw new Error('There is no Chromium on PATH; install one ("apt-get install chromium").');
  rmSync(join(root, 'test-results', 'workspaces'), { recursive: true, force: true });
  await installServer();
  const folders = serverFolders('e2e');
  await installVsix(folders, await packVsix());
  const server = await startServer(folders);
  project.provide('serverUrl', server.url);
  project.provide('chromium', chromium);
  return server.stop;
}
