// `npm run package`: the VSIX, with only what runs.
import { statSync } from 'node:fs';
import { installPackages } from './support/install.mjs';
import { packVsix } from './support/vsix.mjs';

await installPackages();
const { path } = await packVsix();
console.log(`${path} (${(statSync(path).size / 1024).toFixed(0)} KB)`);
