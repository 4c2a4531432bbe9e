// `npm start [-- FOLDER] [-- --fresh]`: installs what is missing, builds, and opens VS Code with Hindstep in it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';
import { answers, must } from './support/run.mjs';
import { prepareSample } from './support/sample.mjs';
import { installServer, installVsix, serverFolders, startServer } from './support/vscodeServer.mjs';
import { packVsix } from './support/vsix.mjs';

const args = process.argv.slice(2);
const fresh = args.includes('--fresh');
const [wanted] = args.filter((arg) => !arg.startsWith('--'));
if (wanted !== undefined && !existsSync(wanted)) {
  console.error(`There is no folder ${resolve(wanted)}.`);
  process.exit(1);
}

await installPackages();
const folder = wanted === undefined ? prepareSample(fresh) : resolve(wanted);

if (hasDisplay() && answers('code', ['--version'])) {
  await must('Building', process.execPath, ['esbuild.mjs']);
  await must('Starting VS Code', 'code', ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
  console.log(`VS Code opens on ${folder} with Hindstep in it.`);
} else {
  await openInBrowser();
}

/** Without a display, the desktop's `code` would open nothing. */
function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

async function openInBrowser() {
  await installServer();
  console.log('Packing and installing Hindstep …');
  const folders = serverFolders('start');
  await installVsix(folders, await packVsix());
  const server = await startServer(folders);
  let stopping = false;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      stopping = true;
      void server.stop();
    });
  }
  console.log(`\nHindstep is ready: open ${server.url}?folder=${encodeURI(folder)}`);
  console.log('Press Ctrl+C to stop.');
  const code = await server.ended;
  if (!stopping) console.error(`VS Code's server ended by itself with exit code ${code}.`);
  process.exit(stopping ? 0 : 1);
}
