import { join } from 'node:path';
import { root } from './root.mjs';
import { must } from './run.mjs';
import { hashOf, once } from './stamp.mjs';

/** Installs the project's packages when they are missing or the lock file has changed since. */
export function installPackages() {
  return once(join(root, 'node_modules', '.installed-lock'), hashOf(['package-lock.json']), async () => {
    console.log('Installing packages (npm ci) …');
    await must('Installing', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}
