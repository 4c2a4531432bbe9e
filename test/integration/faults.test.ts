import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packVsix } from '../../scripts/support/vsix.mjs';
import { memorySource, noNeighbours } from '../../src/core/source/byteSource.ts';
import { startTraceThread, type TraceThread } from '../../src/node/traceThread.ts';
import { connect, type Message, type Port } from '../../src/protocol/rpc.ts';
import type { OpenAnswer, TraceEvents, TraceService } from '../../src/protocol/traceService.ts';
import { traceService } from '../../src/worker/traceService.ts';

/** What disks, processes and people do to a trace while it is open: it is said in a sentence, and goes on. */

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'hindstep-faults-'));
const dist = join(folder, 'dist');
const script = join(dist, 'worker.cjs');
const deaf: TraceEvents = { progress: () => undefined, changed: () => undefined, judged: () => undefined };
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await packVsix();
  // A build that runs meanwhile must not pull the bundles away.
  cpSync(join(root, 'dist'), dist, { recursive: true });
}, 240_000);

/** A conversation a line: about `count` KB. */
function writeTrace(name: string, count: number): string {
  const path = join(folder, name);
  const line = (n: number) =>
    `${JSON.stringify({ role: n % 2 === 0 ? 'user' : 'assistant', content: `message ${n} ${'x'.repeat(980)}` })}\n`;
  writeFileSync(path, Array.from({ length: count }, (_, n) => line(n)).join(''));
  return path;
}

function start(path: string, by = script, indexFolder = join(folder, 'index')): TraceThread {
  return startTraceThread({ script: by, indexFolder }, path, deaf);
}

function runOf(answer: OpenAnswer): { id: string; stepCount: number } {
  const run = answer.status === 'opened' ? answer.summary.runs[0] : undefined;
  if (run === undefined) throw new Error(`not opened: ${JSON.stringify(answer).slice(0, 300)}`);
  return run;
}

/** The answer once the file is read to its end. */
async function readWhole(thread: TraceThread): Promise<{ id: string; stepCount: number }> {
  const { id } = runOf(await thread.answer);
  await thread.service.evaluate({ run: id });
  const summary = await thread.service.summary({});
  return runOf({ ...(await thread.answer), summary } as OpenAnswer);
}

describe('the reader’s thread', () => {
  it('that dies while it reads rejects what was asked, says so, and the file opens again', async () => {
    const path = writeTrace('killed.jsonl', 8000);
    const dying = join(folder, 'dying.cjs');
    // In the middle of the file: it is read a mebibyte at a time.
    const patch = 'let n = 0; const { read } = fs; fs.read = (...all) => (++n > 4 ? process.exit(9) : read(...all));';
    writeFileSync(dying, `const fs = require('node:fs'); ${patch} require(${JSON.stringify(script)});`);
    const thread = start(path, dying);
    const asked = thread.answer.then((answer) => thread.service.evaluate({ run: runOf(answer).id }));
    await expect(asked).rejects.toThrow(/^The reader of .*killed\.jsonl stopped \(exit code 9\)\.$/);
    expect(await thread.crashed).toMatch(/stopped \(exit code 9\)/);
    const again = start(path);
    expect((await readWhole(again)).stepCount).toBe(8000);
    again.close();
  }, 60_000);

  it('opens ten large traces at once, and nothing of them stays when they are closed', async () => {
    const paths = Array.from({ length: 10 }, (_, n) => writeTrace(`large-${n}.jsonl`, 5000));
    const before = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
    const threads = paths.map((path) => start(path));
    const runs = await Promise.all(threads.map(readWhole));
    expect(runs.map((run) => run.stepCount)).toEqual(Array(10).fill(5000));
    for (const thread of threads) thread.close();
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length, { timeout: 10_000 })
      .toBeLessThanOrEqual(before);
  }, 240_000);

  it('says that a file was shortened under it, and shows what there is now when it has looked again', async () => {
    const path = writeTrace('shortened.jsonl', 3000);
    const thread = start(path);
    const run = await readWhole(thread);
    truncateSync(path, 100_500);
    await expect(thread.service.step({ run: run.id, step: 2990, cutAt: 100 })).rejects.toThrow(
      /shortened.*Open it again\./,
    );
    await thread.service.refresh({ quiet: true });
    const { runs } = await thread.service.summary({});
    expect(runs[0]?.stepCount).toBeGreaterThan(90);
    expect(runs[0]?.stepCount).toBeLessThan(110);
    thread.close();
  }, 60_000);

  it('goes on with a file that was deleted, and says so once', async () => {
    const path = writeTrace('deleted.jsonl', 3000);
    const notes: (string | undefined)[] = [];
    const changed: TraceEvents['changed'] = ({ note }) => void notes.push(note);
    const data = { script, indexFolder: join(folder, 'index') };
    const thread = startTraceThread(data, path, { ...deaf, changed });
    const run = await readWhole(thread);
    rmSync(path);
    await thread.service.refresh({ quiet: false });
    await thread.service.refresh({ quiet: true });
    await thread.service.refresh({ quiet: true });
    expect(notes.filter((note) => note !== undefined)).toEqual([
      'deleted.jsonl was deleted; what it held is still shown until the editor is closed.',
    ]);
    const { step } = await thread.service.step({ run: run.id, step: 2990, cutAt: 100 });
    expect(JSON.stringify(step.message)).toContain('message 2990 ');
    thread.close();
  }, 60_000);

  it('opens a trace although nothing can be kept of it', async () => {
    const path = writeTrace('unkept.jsonl', 5000);
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const thread = start(path, script, join(file, 'index'));
    expect((await readWhole(thread)).stepCount).toBe(5000);
    thread.close();
  }, 60_000);
});

describe('a drive that stalls', () => {
  function ports(): [Port, Port] {
    const listeners: ((message: Message) => void)[] = [];
    const port = (mine: number, theirs: number): Port => ({
      post: (message) => queueMicrotask(() => listeners[theirs]?.(message)),
      listen: (listener) => {
        listeners[mine] = listener;
        return () => delete listeners[mine];
      },
    });
    return [port(0, 1), port(1, 0)];
  }

  it('holds up no cancelling, and no other question', async () => {
    const bytes = new TextEncoder().encode(
      JSON.stringify({
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: 'y' },
        ],
      }),
    );
    const whole = memorySource('slow.json', bytes);
    let stalled = false;
    const source = {
      ...whole,
      read: (offset: number, length: number) =>
        stalled ? new Promise<Uint8Array>(() => {}) : whole.read(offset, length),
    };
    const [here, there] = ports();
    connect<TraceEvents>(there, traceService({ open: async () => ({ source, neighbours: noNeighbours }) }, deaf));
    const { client } = connect<TraceService>(here, {});
    const run = runOf(await client.open({ path: 'slow.json' })).id;
    stalled = true;
    const cancel = new AbortController();
    const asked = client.raw({ run, step: 0, cutAt: 10 }, cancel.signal);
    const rows = await client.rows({ run, start: 0, count: 10 });
    expect(rows).toHaveLength(2);
    cancel.abort();
    await expect(asked).rejects.toThrow('cancelled');
    stalled = false;
    expect(await client.raw({ run, step: 0, cutAt: 1000 })).toHaveLength(1);
  });

  it('holds up no closing: the thread ends although it waits', async () => {
    const stalling = join(folder, 'stalling.cjs');
    writeFileSync(
      stalling,
      `const fs = require('node:fs'); const read = fs.read; fs.read = (...all) => setTimeout(() => read(...all), 3_600_000); require(${JSON.stringify(script)});`,
    );
    const thread = start(writeTrace('stalls.jsonl', 10), stalling);
    const waiting = Promise.race([
      thread.answer.catch((error: Error) => error.message),
      new Promise((wake) => setTimeout(wake, 300, 'waits')),
    ]);
    expect(await waiting).toBe('waits');
    thread.close();
    await expect(thread.answer).rejects.toThrow('The trace was closed.');
  });
});

describe('a full disk', () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const mount = `mount -t tmpfs -o size=96k tmpfs '${disk}'`;
  // Mounted where only these commands see it: it is gone with them, however this test ends.
  const onDisk = (...commands: string[]) => {
    const alone = process.getuid?.() === 0 ? '-m' : '-rm';
    return spawnSync('unshare', [alone, 'sh', '-c', [mount, ...commands].join('\n')], { encoding: 'utf8' });
  };
  const canMount = process.platform === 'linux' && onDisk('true').status === 0;

  it.skipIf(!canMount)(
    `stops a test being written, in a sentence, and leaves nothing behind${canMount ? '' : ' (skipped: no small disk can be mounted here)'}`,
    () => {
      const trace = join(root, 'samples', 'traces', 'cancel-duplicate-order.trace.json');
      const options = '--step 4 --runner node-test --out tests --must-not-call';
      const { stdout, stderr } = onDisk(
        `cd '${disk}' && cp '${trace}' run.trace.json && echo '{"name":"x"}' > package.json`,
        'dd if=/dev/zero of=filler bs=1k 2>/dev/null && exit 1',
        'echo "before: $(ls -A | xargs)"',
        `'${process.execPath}' '${join(dist, 'cli.mjs')}' fixture run.trace.json ${options} 2>&1`,
        'echo "ended with $?"',
        'echo "after: $(ls -A | xargs)"',
        `cmp '${trace}' run.trace.json && echo "the trace is whole"`,
      );
      expect(stderr).toBe('');
      const [before, ...said] = stdout.trim().split('\n');
      const [ended, after, whole] = said.splice(-3);
      expect(before).toBe('before: filler package.json run.trace.json');
      expect(said.join('\n')).toMatch(/no room left/i);
      expect(ended).toMatch(/^ended with [1-9]/);
      expect([after, whole]).toEqual([before?.replace('before', 'after'), 'the trace is whole']);
    },
    60_000,
  );
});
