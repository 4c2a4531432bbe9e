import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TraceEvents } from '../protocol/traceService.ts';
import { startTraceThread } from './traceThread.ts';

const folder = mkdtempSync(join(tmpdir(), 'hindstep-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

const deaf: TraceEvents = { progress: () => undefined, changed: () => undefined, judged: () => undefined };

/** A worker of a few lines that speaks the wire's messages and dies on purpose; the real one is tested in VS Code. */
function worker(name: string, body: string): string {
  const script = join(folder, `${name}.cjs`);
  writeFileSync(script, `const { parentPort } = require('node:worker_threads');\n${body}`);
  return script;
}

const answering = worker(
  'answering',
  `parentPort.on('message', ({ id, method, argument }) => {
    if (method === 'rows') throw new Error('out of memory');
    if (method === 'step') process.exit(7);
    if (method === 'raw') return;
    parentPort.postMessage({ type: 'answer', id, value: { status: 'declined', decline: { sentence: argument.path } } });
  });`,
);

describe('startTraceThread', () => {
  it('has the file opened and answers what came of it', async () => {
    const thread = startTraceThread({ script: answering, indexFolder: folder }, '/a.json', deaf);
    expect(await thread.answer).toMatchObject({ decline: { sentence: '/a.json' } });
    expect(thread.isOver).toBe(false);
    thread.close();
  });

  it('tells when the thread dies of an error, and rejects what was asked', async () => {
    const sentence = 'The reader of /a.json stopped (out of memory).';
    const thread = startTraceThread({ script: answering, indexFolder: folder }, '/a.json', deaf);
    await thread.answer;
    await expect(thread.service.rows({ run: 'r', start: 0, count: 1 })).rejects.toThrow(sentence);
    expect(await thread.crashed).toBe(sentence);
  });

  it('tells when the thread exits', async () => {
    const sentence = 'The reader of /a.json stopped (exit code 7).';
    const thread = startTraceThread({ script: answering, indexFolder: folder }, '/a.json', deaf);
    await thread.answer;
    await expect(thread.service.step({ run: 'r', step: 0, cutAt: 1 })).rejects.toThrow(sentence);
    expect(await thread.crashed).toBe(sentence);
    expect(thread.isOver).toBe(true);
  });

  it('rejects opening when the thread can’t start', async () => {
    const thread = startTraceThread(
      { script: worker('broken', 'throw new Error("no such module");'), indexFolder: folder },
      '/a.json',
      deaf,
    );
    await expect(thread.answer).rejects.toThrow('The reader of /a.json stopped (no such module).');
    expect(thread.isOver).toBe(true);
  });

  it('rejects what is still asked when it is closed, and calls that no crash', async () => {
    const thread = startTraceThread({ script: answering, indexFolder: folder }, '/a.json', deaf);
    await thread.answer;
    const asked = thread.service.raw({ run: 'r', step: 0, cutAt: 1 });
    thread.close();
    await expect(asked).rejects.toThrow('The trace was closed.');
    const crashed = await Promise.race([thread.crashed, new Promise((resolve) => setTimeout(resolve, 50, 'quiet'))]);
    expect(crashed).toBe('quiet');
  });
});
