import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packCommand } from '../../scripts/support/commandPackage.mjs';
import { at, type Json } from '../../src/core/util/json.ts';
import { FixtureWorkspace } from '../support/fixtureWorkspace.ts';

// The workflow of docs/ci.md, its `run:` steps as they are written there, in a workspace with a test of the sample's bug.
const page = readFileSync(resolve(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const workflow = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
const steps = [...workflow.matchAll(/^ {6}- run: (.+)$/gm)].map(([, command = '']) => command);

let workspace: FixtureWorkspace;
beforeAll(async () => {
  workspace = new FixtureWorkspace();
  await workspace.add('node-test');
  mkdirSync(workspace.path('tools'));
  const tgz = basename(await packCommand(workspace.path('tools')));
  // As the page says; and the lock that a checkout brings.
  expect(page).toContain(`npm install --save-dev ./tools/${tgz}`);
  const manifest = {
    name: 'shop-agent',
    private: true,
    type: 'module',
    devDependencies: { hindstep: `file:tools/${tgz}` },
  };
  writeFileSync(workspace.path('package.json'), JSON.stringify(manifest));
  expect(shell('npm install --package-lock-only --offline')).toMatchObject({ status: 0 });
}, 240_000);
afterAll(() => workspace.remove());

function shell(command: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', command], {
    cwd: workspace.folder,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', XDG_CACHE_HOME: workspace.path('.cache'), npm_config_offline: 'true' },
  });
  return { status, output: stdout + stderr };
}

it('runs nothing but what is shown, and uses what GitHub has', () => {
  expect(steps).toEqual(['npm ci', 'npx hindstep test --format sarif --out hindstep.sarif']);
  expect([...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action)).toEqual([
    'actions/checkout@v4',
    'actions/setup-node@v4',
    'github/codeql-action/upload-sarif@v3',
  ]);
});

it('is red with an alert for the bug, and green with the fix', { timeout: 240_000 }, () => {
  const [install = '', test = ''] = steps;
  expect(shell(install)).toMatchObject({ status: 0 });
  expect(shell(test)).toMatchObject({ status: 1, output: expect.stringContaining('A-1050') });
  const results = () =>
    at(JSON.parse(readFileSync(workspace.path('hindstep.sarif'), 'utf8')) as Json, 'runs', 0, 'results');
  expect(results()).toEqual([expect.objectContaining({ ruleId: 'hindstep.regression' })]);

  workspace.fix();
  expect(shell('rm hindstep.sarif')).toMatchObject({ status: 0 });
  expect(shell(test)).toMatchObject({ status: 0, output: expect.stringContaining('1 held') });
  expect(results()).toEqual([]);
  const junit = /npx hindstep test --format junit --out hindstep\.xml/.exec(page)?.[0] ?? '';
  expect(shell(junit)).toMatchObject({ status: 0 });
  expect(existsSync(workspace.path('hindstep.xml'))).toBe(true);
});
