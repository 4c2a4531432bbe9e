import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openTrace } from '../../src/core/formats/openTrace.ts';
import { buildFixture } from '../../src/core/regression/buildFixture.ts';
import { emitterOf } from '../../src/core/regression/emitters/registry.ts';
import type { Fixture, RunnerId } from '../../src/core/regression/fixture.ts';
import { openFileSource } from '../../src/node/fileSource.ts';
import { secretlintDetector } from '../../src/node/regression/secretDetector.ts';

const root = resolve(import.meta.dirname, '../..');
const samples = join(root, 'samples');

/** Names of the test files, as each runner wants them; the fixture of `cancel.test.mjs` is `cancel.fixture.json`. */
export const TEST_NAMES: Readonly<Record<RunnerId, string>> = {
  'node-test': 'node-cancel.test.mjs',
  vitest: 'vitest-cancel.test.js',
  jest: 'jest-cancel.test.js',
  pytest: 'test_plan.py',
};

/**
 * A copy of the sample workspace in which generated tests stand, as Hindstep writes them, without the proof's runs (each
 * takes five starts of a runner). It lies inside the project, so that its runners are found.
 */
export class FixtureWorkspace {
  readonly folder: string;

  constructor() {
    mkdirSync(join(root, '.cache'), { recursive: true });
    this.folder = mkdtempSync(join(root, '.cache', 'fixtures-'));
    for (const name of ['agents', 'traces', 'package.json', 'pyproject.toml']) {
      cpSync(join(samples, name), join(this.folder, name), { recursive: true });
    }
    this.write('vitest.config.mjs', 'export default {};\n');
    // Node 20 and Jest load no TypeScript; this agent has the same bug, and is mended by its text.
    this.write('agents/orders.mjs', ORDERS_AGENT);
  }

  /** Puts the test of the wrong cancellation (or, for pytest, of the claim with no deed) into `tests`. */
  async add(runner: RunnerId, more: { name?: string; mode?: Fixture['mode']; title?: string } = {}): Promise<string> {
    const { name = TEST_NAMES[runner], mode = 'replay' } = more;
    const title = more.title ?? `does it right in ${name}`;
    const python = runner === 'pytest';
    const file = python ? 'upgrade-plan-done.trace.json' : 'cancel-duplicate-order.trace.json';
    const fixture = await fixtureOf(join(samples, 'traces', file), mode, title, python);
    const emitter = emitterOf(runner);
    const stem = name.replace(/(?:\.test)?\.[a-z]+$/, '');
    const helper = emitter.helperFor('esm');
    this.write(`tests/${helper.name}`, helper.source);
    this.write(`tests/${stem}.fixture.json`, `${JSON.stringify(fixture, undefined, 2)}\n`);
    this.write(`tests/${stem}.proof.json`, JSON.stringify({ proved: true, runner, command: `runs tests/${name}` }));
    const importPath = python ? '../agents/help_desk.py' : '../agents/orders.mjs';
    const test = emitter.emit({
      fixture,
      fixtureFile: `${stem}.fixture.json`,
      modules: 'esm',
      ...(mode === 'trace-check' ? { traceFile: `../traces/${file}` } : { agent: { importPath, name: 'agent' } }),
    });
    this.write(`tests/${name}`, test);
    return this.path(`tests/${stem}.fixture.json`);
  }

  /** Mends both agents. */
  fix(): void {
    this.write('agents/orders.mjs', ORDERS_AGENT.replace("'A-1050'", "'A-1042'"));
    this.write(
      'agents/help_desk.py',
      this.read('agents/help_desk.py').replace('plan["plan"] !=', 'customer["plan"] !='),
    );
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.path(file), '..'), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ORDERS_AGENT = `export async function agent({ goal, callTool }) {
  const { customer_id } = await callTool('find_customer', { email: /[\\w.+-]+@[\\w.-]+\\w|<EMAIL_\\d+>/.exec(goal)[0] });
  await callTool('list_orders', { customer_id });
  await callTool('cancel_order', { order_id: 'A-1050', reason: 'duplicate' });
  return 'I cancelled it.';
}
`;

async function fixtureOf(path: string, mode: Fixture['mode'], title: string, python: boolean): Promise<Fixture> {
  const opened = await openTrace(await openFileSource(path));
  if (!opened.ok) throw new Error(opened.decline.sentence);
  const [run] = opened.value.trace.runs;
  if (run === undefined) throw new Error('The sample has no run.');
  const built = await buildFixture({
    trace: opened.value,
    run,
    step: 4,
    title,
    mode,
    correction: python
      ? { kind: 'require', tool: 'change_plan', arguments: { customer_id: 'C-2090', plan: 'Pro' } }
      : { kind: 'edit', tool: 'cancel_order', arguments: { order_id: 'A-1042', reason: 'duplicate' } },
    detect: secretlintDetector,
    hindstepVersion: '0.0.0',
  });
  await opened.value.close();
  if (!built.ok) throw new Error(built.error);
  return built.value;
}
