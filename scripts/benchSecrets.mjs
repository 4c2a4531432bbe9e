// `npm run bench:secrets`: how many of 300 made secrets are found in texts of traces, how much is masked there that is no
// secret, and how quick redaction is beside JSON.parse. Prints figures, asserts nothing. A folder of traces may be named;
// unless told, the collection beside the project where there is one, else the project's own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';

const folder = join(root, '.cache', 'bench');
const collection = join(root, '..', 'shared', 'traces');
const traces = process.argv[2] ?? (existsSync(collection) ? collection : join(root, 'test', 'corpus'));

await installPackages();
mkdirSync(folder, { recursive: true });
// esbuild is there only once packages are installed.
const { bundleBench } = await import('./support/bundleBench.mjs');
await bundleBench(['measureSecrets'], folder);
const { status } = spawnSync(process.execPath, [join(folder, 'measureSecrets.mjs'), traces], { stdio: 'inherit' });
process.exit(status ?? 1);
