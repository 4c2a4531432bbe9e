import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packVsix } from '../../scripts/support/vsix.mjs';
import { DUPLICATE_ORDER } from '../support/fixtureFile.ts';

/** Nothing calls out: proved on the bundles that ship, run where every socket is forbidden. */

const root = resolve(import.meta.dirname, '../..');
const dist = (name: string) => join(root, 'dist', name);
const folder = mkdtempSync(join(tmpdir(), 'hindstep-network-'));
const marks = join(folder, 'sockets.txt');
const trace = join(root, 'samples', 'traces', 'cancel-duplicate-order.trace.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loaded before anything else in every process and thread: whoever asks for a socket leaves a mark and fails. */
const guard = join(folder, 'guard.cjs');
const GUARD = `
const fs = require('node:fs');
const forbid = (what) => function () {
  fs.appendFileSync(${JSON.stringify(marks)}, what + '\\n');
  throw new Error('forbidden: ' + what);
};
const net = require('node:net');
net.Socket.prototype.connect = forbid('net.connect');
net.Server.prototype.listen = forbid('net.listen');
require('node:dgram').createSocket = forbid('dgram');
const dns = require('node:dns');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) dns[name] = dns.promises[name] = forbid('dns.' + name);
for (const module of ['node:http', 'node:https']) for (const name of ['request', 'get']) require(module)[name] = forbid(module + '.' + name);
require('node:http2').connect = forbid('http2');
require('node:tls').connect = forbid('tls');
globalThis.fetch = forbid('fetch');
globalThis.WebSocket = forbid('WebSocket');
`;

beforeAll(async () => {
  await packVsix();
  writeFileSync(guard, GUARD);
}, 240_000);

function guarded(args: readonly string[], cwd = folder) {
  // In CI a model is never asked.
  const env = { ...process.env, CI: '', NODE_OPTIONS: `--require ${guard}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  const sockets = existsSync(marks) ? readFileSync(marks, 'utf8') : '';
  return { status, output: stdout + stderr, sockets };
}

describe('without a network', () => {
  it('the guard itself catches what it should', () => {
    const { sockets, output } = guarded(['-e', `fetch('http://127.0.0.1:1/')`]);
    expect([sockets, output.includes('forbidden: fetch')]).toEqual(['fetch\n', true]);
    rmSync(marks);
  });

  it.each([
    ['show', [trace]],
    ['eval', [trace]],
    ['locate', [trace, '--json']],
    ['steps', [trace]],
  ])('the command line does %s', (command, args) => {
    const { status, output, sockets } = guarded([dist('cli.mjs'), command, ...args]);
    // 1 says that something is wrong with the run, which is so.
    expect([status === 0 || status === 1, sockets, output !== '']).toEqual([true, '', true]);
  });

  it('the command line makes a test that is proved', { timeout: 120_000 }, () => {
    const workspace = join(folder, 'workspace');
    cpSync(join(root, 'samples'), workspace, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'), 'junction');
    const args = [
      'traces/cancel-duplicate-order.trace.json',
      '--step',
      '4',
      '--runner',
      'node-test',
      '--out',
      'tests',
      '--must-not-call',
    ];
    const { status, output, sockets } = guarded([dist('cli.mjs'), 'fixture', ...args], workspace);
    expect([status, sockets], output).toEqual([0, '']);
  });

  it('the command line replays an agent, and a model only where it is told to', () => {
    const fixture = join(folder, 'cancel.fixture.json');
    const agent = join(folder, 'agent.mjs');
    writeFileSync(fixture, JSON.stringify(DUPLICATE_ORDER));
    writeFileSync(agent, `export const agent = ({ callTool }) => callTool('cancel_order', { order_id: 'A-1042' });`);
    const own = guarded([dist('cli.mjs'), 'replay', fixture, '--agent', `${agent}:agent`]);
    expect([own.status, own.sockets], own.output).toEqual([0, '']);
    const asking = guarded([dist('cli.mjs'), 'replay', fixture, '--endpoint', 'http://127.0.0.1:9/v1', '--model', 'm']);
    expect([asking.status, asking.sockets], asking.output).toEqual([2, 'node:http.request\n']);
    rmSync(marks);
  });

  it('the command line asks a model only when it is told to', () => {
    const cache = ['--judge-cache', join(folder, 'judge')];
    const kept = guarded([dist('cli.mjs'), 'eval', trace, '--judge', 'cached', ...cache]);
    expect([kept.output.includes('only the cache may be used'), kept.sockets]).toEqual([true, '']);
    const asking = guarded([dist('cli.mjs'), 'eval', trace, '--judge', 'http://127.0.0.1:9/v1', ...cache]);
    expect([asking.output.includes('could not be asked'), asking.sockets]).toEqual([true, 'node:http.request\n']);
    rmSync(marks);
  });

  it('the reader’s thread opens, evaluates, finds and masks', () => {
    mkdirSync(join(folder, 'index'), { recursive: true });
    const script = join(folder, 'thread.cjs');
    writeFileSync(
      script,
      `const { Worker } = require('node:worker_threads');
const data = { script: ${JSON.stringify(dist('worker.cjs'))}, indexFolder: ${JSON.stringify(join(folder, 'index'))} };
const worker = new Worker(data.script, { workerData: data });
const ask = (id, method, argument) => new Promise((resolve) => {
  const take = (message) => {
    if (message.id !== id || !['answer', 'failure'].includes(message.type)) return;
    worker.off('message', take);
    resolve(message);
  };
  worker.on('message', take);
  worker.postMessage({ type: 'request', id, method, argument });
});
(async () => {
  const opened = await ask(1, 'open', { path: ${JSON.stringify(trace)} });
  const run = opened.value.summary.runs[0].id;
  const answers = [
    opened,
    await ask(2, 'evaluate', { run }),
    await ask(3, 'provenance', { run, step: 4 }),
    await ask(4, 'step', { run, step: 4, cutAt: 1000 }),
  ];
  console.log(answers.map(({ type }) => type).join());
  await worker.terminate();
})();`,
    );
    const { output, sockets } = guarded([script]);
    expect([output.trim(), sockets]).toEqual(['answer,answer,answer,answer', '']);
  });

  it.each(['extension.cjs', 'worker.cjs', 'cli.mjs'])('%s does not even hold what opens a socket', (name) => {
    const text = readFileSync(dist(name), 'utf8');
    const modules = text.match(
      /(?:require\(|from ?|import\()["'](?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:\/promises)?["']/g,
    );
    expect([modules ?? [], text.match(/\bfetch\(/g) ?? []]).toEqual([[], []]);
  });
});
