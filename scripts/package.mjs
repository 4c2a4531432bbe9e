// `npm run package`: the VSIX, with only what runs, and the command alone as an npm package.
import { statSync } from 'node:fs';
import { packCommand } from './support/commandPackage.mjs';
import { installPackages } from './support/install.mjs';
import { root } from './support/root.mjs';
import { packVsix } from './support/vsix.mjs';

await installPackages();
const { path } = await packVsix();
for (const made of [path, await packCommand(root)])
  console.log(`${made} (${(statSync(made).size / 1024).toFixed(0)} KB)`);
