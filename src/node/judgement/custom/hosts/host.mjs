// Runs one custom evaluator: given to Node with --eval, in a process of its own. On stdin comes a line of JSON with what
// is asked, then a line for each step; one line of JSON goes back on descriptor 3. stdout and stderr are the evaluator's.

import { readSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const LINE_FEED = 10;

/** The lines of stdin, read when they are asked for, so that a run of any length takes the memory of one step. */
function* linesOfStdin() {
  const chunk = Buffer.alloc(65_536);
  let held = [];
  for (;;) {
    const size = readChunk(chunk);
    if (size === 0) return;
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0 && end < size; end = chunk.indexOf(LINE_FEED, from)) {
      held.push(Buffer.from(chunk.subarray(from, end)));
      yield Buffer.concat(held).toString('utf8');
      held = [];
      from = end + 1;
    }
    if (from < size) held.push(Buffer.from(chunk.subarray(from, size)));
  }
}

function readChunk(chunk) {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (thrown) {
      if (thrown.code === 'EOF') return 0;
      if (thrown.code !== 'EAGAIN') throw thrown;
      pause();
    }
  }
}

function answer(value) {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(3, bytes, at);
    } catch (thrown) {
      if (thrown.code !== 'EAGAIN') throw thrown;
      pause();
    }
  }
}

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

function stepsOnce(lines) {
  let begun = false;
  return {
    [Symbol.iterator]: () => {
      if (begun) throw new Error('the steps stream past once; to go over them again, keep them: [...run.steps]');
      begun = true;
      return (function* () {
        for (const line of lines) yield JSON.parse(line);
      })();
    },
  };
}

/** The message, and the first place in the stack that is none of ours. */
function saidBy(thrown) {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const place = /(?:\(|at )(file:\/\/[^\s)]+:\d+):\d+\)?/.exec(String(thrown.stack))?.[1];
  const kind = thrown.name === 'Error' ? '' : `${thrown.name}: `;
  return { message: `${kind}${thrown.message}`, ...(place !== undefined && { place: place.split('/').at(-1) }) };
}

const lines = linesOfStdin();
const asked = JSON.parse(lines.next().value);
const said = {};
try {
  if (Object.keys(asked.modules).length > 0) serve(asked.modules);
  const loaded = await import(pathToFileURL(asked.file).href);
  const evaluator = loaded.evaluate === undefined && loaded.default?.evaluate !== undefined ? loaded.default : loaded;
  const { id, title, summary, evaluate } = evaluator;
  Object.assign(said, { id, title, summary });
  if (typeof evaluate !== 'function') throw new Error('it exports no function named evaluate');
  const run = { ...asked.run, steps: stepsOnce(lines) };
  said.verdict = await evaluate.call(evaluator, run, asked.context);
  answer(said);
} catch (thrown) {
  answer({ id: text(said.id), title: text(said.title), thrown: saidBy(thrown) });
}
process.exit(0);

function text(value) {
  return typeof value === 'string' ? value : undefined;
}
