import { MessageChannel } from 'node:worker_threads';
import { memorySource, noNeighbours } from '../../../src/core/source/byteSource.ts';
import { threadPort } from '../../../src/node/threadPort.ts';
import { connect } from '../../../src/protocol/rpc.ts';
import type { TraceEvents, TraceService } from '../../../src/protocol/traceService.ts';
import { traceService } from '../../../src/worker/traceService.ts';
import { ODD_KEYS } from '../oddities.ts';
import type { Random } from '../random.ts';
import { must, type Target } from '../target.ts';

const METHODS = [
  'summary',
  'rows',
  'step',
  'text',
  'raw',
  'evaluate',
  'continue',
  'find',
  'filter',
  'watch',
  'checkCondition',
  'provenance',
  'laterUses',
  'positions',
  '__proto__',
  'constructor',
] as const;

/** Questions of one case. */
const QUESTIONS = 12;

/**
 * The reader's service over a real channel, asked what a view asks and what none would: it answers or fails with a
 * sentence, and every answer crosses the channel.
 */
export const service: Target = {
  id: 'protocol',
  needsTrace: true,
  attack: async ({ bytes, random }) => {
    const { port1, port2 } = new MessageChannel();
    const files = { open: async () => ({ source: memorySource('trace', bytes), neighbours: noNeighbours }) };
    const served = connect<TraceEvents>(
      threadPort(port1),
      traceService(files, { progress: () => undefined, changed: () => undefined, judged: () => undefined }),
    );
    const { client, close } = connect<TraceService>(threadPort(port2), {});
    try {
      const answer = await client.open({ path: 'trace' });
      must(answer.status === 'opened', 'the service declines what opens');
      const ids = answer.summary.runs.map(({ id }) => id);
      for (let n = 0; n < QUESTIONS; n++) {
        const method = random.pick(METHODS);
        const ask = client[method as keyof TraceService] as (
          argument: unknown,
          signal: AbortSignal,
        ) => Promise<unknown>;
        const controller = new AbortController();
        const asked = ask(argumentFor(ids, random), controller.signal);
        if (random.chance(0.1)) controller.abort();
        await asked.then(
          () => undefined,
          (thrown: unknown) => must(thrown instanceof Error && thrown.message !== '', `${method} fails without a word`),
        );
      }
    } finally {
      close('done');
      served.close('done');
      port1.close();
    }
  },
};

/** Fields of all methods at once, right most of the time. */
function argumentFor(runs: readonly string[], random: Random): unknown {
  if (random.chance(0.05)) return random.pick([undefined, null, 1, 'x', []]);
  const number = () => random.pick([0, 1, 2, 5, -1, 1e9, 0.5, Number.NaN]);
  const step = random.chance(0.8) ? random.below(10) : number();
  const text = random.pick(['a', '', 'tool:bash', '= index > 1', 'status:fail x', '\ud800', '(']);
  return {
    run: random.chance(0.9) && runs.length > 0 ? random.pick(runs) : random.pick(ODD_KEYS),
    step,
    from: step,
    done: random.chance(0.8) ? 0 : number(),
    start: number(),
    count: random.below(300),
    limit: random.below(50),
    cutAt: random.pick([0, 1, 100, 20_000]),
    pointer: random.pick(['', '/thought', '/actions/0/arguments', '/message/0/text', '/__proto__', 'x', '/~']),
    query: text,
    filter: text,
    expression: text,
    expressions: [text, 'arguments', 'observation.text'],
    direction: random.pick(['forward', 'backward']),
    breakpoints: [{ id: '1', kind: 'step', run: runs[0] ?? '', step: 1, enabled: true }],
    stopAtFailures: random.chance(0.5),
    ranges: [{ source: 0, start: random.below(1000), end: random.below(5000) }],
    showSecrets: random.chance(0.5),
  };
}
