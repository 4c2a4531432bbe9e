// `npm run bench:localize`: what the finding of failing steps comes to against people's labels, beside simple rules
// (computed here) and published figures (quoted). Reads the labelled runs that lie beside the project and says so when
// there are none. `--set hand-crafted` takes one set, `--json` prints data. Asserts nothing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';
import { run } from './support/run.mjs';

await installPackages();
const folder = join(root, '.cache', 'bench', 'localize');
mkdirSync(folder, { recursive: true });
// esbuild is there only once packages are installed.
const { bundleBench } = await import('./support/bundleBench.mjs');
await bundleBench(['localize/measureLocalize'], folder);
const benchmarks = join(root, '..', 'shared', 'benchmarks');
process.exit(await run(process.execPath, [join(folder, 'measureLocalize.mjs'), benchmarks, ...process.argv.slice(2)]));
