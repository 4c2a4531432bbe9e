// Runs one agent: given to Node with --eval, in a process of its own. On stdin come lines of JSON: which agent, then what it
// is told and what its tools answer; lines of JSON go back on descriptor 3. stdout and stderr are the agent's.
// `serve` stands in front of it (serveModules.mjs).

import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const out = createWriteStream('', { fd: 3 });

function send(message) {
  return new Promise((resolve) => out.write(`${JSON.stringify(message)}\n`, resolve));
}

/** The message, and the first place in the stack that is none of ours. */
function saidBy(thrown) {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const place = /(?:\(|at )(file:\/\/[^\s)]+:\d+):\d+\)?/.exec(String(thrown.stack))?.[1];
  const kind = thrown.name === 'Error' ? '' : `${thrown.name}: `;
  return { message: `${kind}${thrown.message}`, ...(place !== undefined && { place: place.split('/').at(-1) }) };
}

const waiting = new Map();
let calls = 0;
function callTool(tool, args) {
  const call = ++calls;
  return new Promise((resolve) => {
    waiting.set(call, resolve);
    void send({ kind: 'call', call, tool, arguments: args });
  });
}

let agent;
async function take(message) {
  switch (message.kind) {
    case 'agent': {
      if (Object.keys(message.modules).length > 0) serve(message.modules);
      const loaded = await import(pathToFileURL(message.file).href);
      agent = loaded[message.name] ?? loaded.default?.[message.name];
      if (typeof agent !== 'function') throw new Error(`it exports no function named ${message.name}`);
      return;
    }
    case 'turn': {
      const { goal, messages, tools } = message;
      await send({ kind: 'said', answer: await agent({ goal, messages, tools, callTool }) });
      return;
    }
    case 'answer':
      waiting.get(message.call)?.(message.observation);
      waiting.delete(message.call);
  }
}

// A turn waits for answers that come in behind it, so only the loading of the agent is waited for.
let ready = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  const done = ready.then(() => take(message)).catch((thrown) => send({ kind: 'thrown', ...saidBy(thrown) }));
  if (message.kind === 'agent') ready = done;
}
process.exit(0);
