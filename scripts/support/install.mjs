import { join } from 'node:path';
import { root } from './root.mjs';
import { must, run } from './run.mjs';
import { hashOf, once } from './stamp.mjs';

/** Installs the project's packages when they are missing or the lock file has changed since. */
export function installPackages() {
  return once(join(root, 'node_modules', '.installed-lock'), hashOf(['package-lock.json']), async () => {
    console.log('Installing packages (npm ci) …');
    await must('Installing', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

/**
 * Installs the agent libraries of test/libraries likewise; rejects when they can't be. None of their scripts is run: what
 * they build, nobody needs.
 */
export function installLibraries() {
  const folder = join(root, 'test', 'libraries');
  const lock = hashOf(['test/libraries/package-lock.json']);
  return once(join(folder, 'node_modules', '.installed-lock'), lock, async () => {
    console.log('Installing the libraries of test/libraries (npm ci) …');
    const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const code = await run('npm', ['ci', ...options]);
    if (code !== 0) throw new Error(`npm ended with exit code ${code}; its output stands above.`);
  });
}
