import { memorySource, noNeighbours } from '../../../src/core/source/byteSource.ts';
import type { Breakpoint } from '../../../src/core/stepper/breakpoints.ts';
import { type Api, connect, type Message } from '../../../src/protocol/rpc.ts';
import type { RunSummary, TraceService } from '../../../src/protocol/traceService.ts';
import type { FileAnswer, TestDraft, TestOutcome, WebviewApi } from '../../../src/protocol/webviewApi.ts';
import { traceService } from '../../../src/worker/traceService.ts';
import { syntheticRuns, syntheticService } from './syntheticService.ts';

/**
 * Stands in for VS Code and the extension in a plain page: `?trace=PATH` serves a real file by the real service,
 * otherwise runs that no file holds. `?steps=N` adds a run of N steps, `?decline`, `?fail` (until it is tried again twice)
 * and `?proof=not-proved|exists|failed` choose what goes wrong. What the view asks of VS Code is noted in `window.asked`.
 */
const query = new URLSearchParams(location.search);
const asked: { method: string; argument: unknown }[] = [];
const listeners = new Set<(message: Message) => void>();
let state: unknown = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;

declare global {
  interface Window {
    asked: typeof asked;
    webview: ReturnType<typeof connect<WebviewApi>>['client'];
    acquireVsCodeApi: () => unknown;
  }
}

window.asked = asked;
window.acquireVsCodeApi = () => ({
  postMessage: (message: Message) => {
    const copy = structuredClone(message);
    setTimeout(() => {
      for (const listener of listeners) listener(copy);
    });
  },
  getState: () => state,
  setState: (value: unknown) => {
    state = value;
    sessionStorage.setItem('state', JSON.stringify(value));
  },
});

const note = (method: string) => async (argument: unknown) => {
  asked.push({ method, argument });
};

const { client } = connect<WebviewApi>(
  {
    post: (message) => {
      const data = structuredClone(message);
      setTimeout(() => window.dispatchEvent(new MessageEvent('message', { data })));
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
  handlers(),
);
window.webview = client;

function handlers() {
  const progress = (p: Parameters<WebviewApi['progress']>[0]) => void client.progress(p);
  const path = query.get('trace');
  const vscode = {
    moved: note('moved'),
    setBreakpoints: note('setBreakpoints'),
    revealInJson: note('revealInJson'),
    copy: note('copy'),
    openAsText: note('openAsText'),
    openFile: note('openFile'),
    generateGuardrail: note('generateGuardrail'),
    showDiff: note('showDiff'),
    draftTest: async () => draft(),
    generateTest: (_: unknown, signal: AbortSignal) => prove(signal),
  };
  if (query.has('thread')) return { ...inThread(path, progress), ...vscode };
  if (path !== null) {
    const service = traceService(
      {
        open: async () => {
          const response = await fetch(`/file?path=${encodeURIComponent(path)}`);
          const bytes = new Uint8Array(await response.arrayBuffer());
          return { source: memorySource(path.split('/').at(-1) ?? path, bytes), neighbours: noNeighbours };
        },
      },
      { progress, changed: (change) => void client.changed(change), judged: () => undefined },
    );
    const secrets = { shown: false };
    const ready = async (_: unknown, signal: AbortSignal) => frame(await service.open({ path }, signal));
    const showSecrets = async ({ shown }: { shown: boolean }, signal: AbortSignal) => {
      secrets.shown = shown;
      return frame({ status: 'opened', summary: await service.summary({ showSecrets: shown }, signal) }, shown);
    };
    // As the extension does: every question says whether this view shows secrets.
    const forwarded = Object.fromEntries(
      Object.entries(service).map(([method, answer]): [string, Api[string]] => [
        method,
        (argument, signal) => Reflect.apply(answer, service, [{ ...argument, showSecrets: secrets.shown }, signal]),
      ]),
    );
    return { ...forwarded, ...vscode, ready, showSecrets };
  }
  const runs = syntheticRuns(drawImage, Number(query.get('steps') ?? 0));
  const service = syntheticService(runs, progress);
  let failures = query.has('fail') ? 2 : 0;
  const reopen = async () => {
    failures--;
    await client.reopened(await ready());
  };
  const ready = async () => {
    if (failures > 0) {
      const sentence = `run.jsonl is not there any more (look ${3 - failures}).`;
      return frame({ status: 'failed', failure: { what: 'unreadable', sentence } });
    }
    if (query.has('decline')) {
      const sentence =
        'profile.trace.json is a browser performance trace, not an agent’s; open it in Chrome DevTools or Perfetto.';
      return frame({ status: 'declined', decline: { reason: 'performance-trace', sentence, handBack: true } });
    }
    return frame({
      status: 'opened',
      summary: {
        format: 'synthetic',
        formatTitle: 'Synthetic',
        fileName: 'synthetic.trace.json',
        size: 1_000_000,
        runs: runs.map(({ summary }) => summary),
        problems: [
          {
            severity: 'warning',
            message: 'The record at byte 1204 was repaired: a trailing comma stood before its end.',
            records: 0,
          },
          {
            severity: 'error',
            message: 'Bytes 90210 to 90330 are no record that this format knows; they are kept as they are.',
            records: 1,
          },
        ],
        accounting: { records: 90, mapped: 88, metadata: 1, unmapped: 1 },
        joined: ['reward.txt beside the trace says how the run ended.'],
      },
    });
  };
  return { ...service, ...vscode, ready, reopen };
}

type Served = TraceService & { runs(): Promise<RunSummary[]> };

/** The service in a thread of its own; questions are passed on. */
function inThread(path: string | null, progress: WebviewApi['progress']): Api {
  const thread = new Worker(`/service.js${location.search}`);
  const served = connect<Served>(
    {
      post: (message) => thread.postMessage(message),
      listen: (listener) => {
        const heard = ({ data }: MessageEvent<Message>) => listener(data);
        thread.addEventListener('message', heard);
        return () => thread.removeEventListener('message', heard);
      },
    },
    { progress, changed: (change: Parameters<WebviewApi['changed']>[0]) => void client.changed(change) },
  ).client;
  const ready = async () => {
    if (path !== null) return frame(await served.open({ path }));
    const nothing = { records: 0, mapped: 0, metadata: 0, unmapped: 0 };
    const file = { format: 'synthetic', formatTitle: 'Synthetic', fileName: 'long.trace.json', size: 1, problems: [] };
    const summary = { ...file, runs: await served.runs(), accounting: nothing, joined: [] };
    return frame({ status: 'opened', summary });
  };
  const methods: readonly (keyof TraceService)[] = [
    'rows',
    'indexOf',
    'step',
    'text',
    'lines',
    'raw',
    'rawText',
    'rawLines',
    'evaluate',
    'continue',
    'find',
    'filter',
    'folds',
    'timeline',
    'watch',
    'checkCondition',
    'provenance',
    'laterUses',
    'positions',
  ];
  const passedOn = methods.map((method): [string, Api[string]] => [
    method,
    (argument, signal) => Reflect.apply(served[method], served, [argument, signal]),
  ]);
  return { ...Object.fromEntries(passedOn), ready };
}

function frame(answer: FileAnswer, secretsShown = false) {
  const breakpoints: Breakpoint[] = query.has('trace') ? [] : [{ id: '1', enabled: true, run: 'main', step: 7 }];
  return { answer, breakpoints, trusted: true, secretsShown };
}

function drawImage(): string {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 200;
  const context = canvas.getContext('2d');
  if (context === null) return '';
  context.fillStyle = '#f4f4f8';
  context.fillRect(0, 0, 320, 200);
  context.fillStyle = '#3355cc';
  context.fillRect(96, 120, 128, 40);
  context.fillStyle = '#ffffff';
  context.font = '16px sans-serif';
  context.fillText('Place order', 118, 145);
  context.fillStyle = '#222222';
  context.fillText('Checkout: 1 keyboard, $235.13', 40, 60);
  return canvas.toDataURL('image/png').split(',')[1] ?? '';
}

function draft(): TestDraft {
  const call = { tool: 'cancel_order', arguments: { order_id: '#W2378156', reason: 'ordered by mistake' } };
  const fixed = { ...call.arguments, order_id: '#W2378157' };
  return {
    title: 'cancels the duplicate order, not the delivered one',
    calls: [call],
    runners: [
      {
        id: 'vitest',
        available: true,
        why: 'vitest 4.1 is in package.json',
        folder: 'tests/hindstep',
        fileName: 'cancels-the-duplicate-order.test.ts',
      },
      {
        id: 'node-test',
        available: true,
        why: 'Node 20 is here; needs no install',
        folder: 'tests/hindstep',
        fileName: 'cancels-the-duplicate-order.test.mjs',
      },
      {
        id: 'jest',
        available: true,
        why: 'jest is installed; here it runs CommonJS',
        folder: 'tests/hindstep',
        fileName: 'cancels-the-duplicate-order.test.js',
      },
      {
        id: 'pytest',
        available: false,
        why: 'No Python with pytest was found. Install it, or choose an interpreter in the Python extension.',
        folder: 'tests',
        fileName: 'test_cancels_the_duplicate_order.py',
      },
    ],
    modes: [
      { id: 'trace-check', available: true, why: 'Judges any new trace of this task; needs no agent.' },
      {
        id: 'decision-point',
        available: false,
        why: 'Nothing is recorded of what the agent had been told before this step.',
      },
      {
        id: 'replay',
        available: true,
        why: 'Runs the agent from the goal; its tools answer from the recording.',
      },
    ],
    isRepeat: false,
    corrections: [
      {
        correction: { kind: 'edit', tool: 'cancel_order', arguments: fixed },
        why: 'The pending order #W2378157 is the nearest value that was seen.',
      },
      { correction: { kind: 'forbid', ...call }, why: 'A delivered order must not be cancelled.' },
    ],
    agents: [{ path: 'agents/orders.ts', name: 'agent' }],
    tools: ['cancel_order', 'get_order', 'list_orders', 'ask_user'],
    variantBasis: { before: [{ tool: 'get_order', effect: 'read' }], writers: ['cancel_order'] },
    redactions: [{ rule: 'email address', placeholder: '<EMAIL_1>' }],
  };
}

async function prove(signal: AbortSignal): Promise<TestOutcome> {
  const lines = [
    'Writing the test into a scratch folder…',
    '$ npx vitest run cancels-the-duplicate-order',
    ' FAIL  cancels the duplicate order (recorded): called cancel_order with order_id #W2378156',
    ' PASS  cancels the duplicate order (corrected)',
    ' FAIL  cancels the duplicate order (undone)',
  ];
  for (const line of lines) {
    await new Promise((resolve) => setTimeout(resolve, Number(query.get('pace') ?? 60)));
    signal.throwIfAborted();
    void client.proofProgress({ line });
  }
  const output =
    '\u001b[31m × cancels the duplicate order\u001b[39m\n   expected order_id "#W2378157" but got "#W2378156"';
  const wanted = query.get('proof');
  const proved = wanted !== 'not-proved';
  const proof = {
    proved,
    runner: 'vitest',
    command: 'npx vitest run tests/hindstep/cancels-the-duplicate-order.test.ts',
    sentence: proved
      ? 'The test fails on the recorded run, passes on the correction, and fails again when it is undone.'
      : 'The test stays red on the correction: the corrected call is still forbidden.',
    runs: [
      { expected: 'red' as const, actual: 'red' as const, agent: 'recorded' as const, output, duration: 812 },
      {
        expected: 'green' as const,
        actual: proved ? ('green' as const) : ('red' as const),
        agent: 'corrected' as const,
        output: proved ? ' ✓ cancels the duplicate order' : output,
        duration: 790,
      },
      { expected: 'red' as const, actual: 'red' as const, agent: 'undone' as const, output, duration: 805 },
    ],
    mutations: proved ? ['without calling cancel_order', 'cancel_order with another order_id'] : [],
    dropped: [],
  };
  if (wanted === 'exists') return { status: 'exists', path: 'tests/hindstep/cancels-the-duplicate-order.test.ts' };
  if (wanted === 'failed')
    return { status: 'failed', reason: 'vitest could not be started: npx was not found on PATH.' };
  if (!proved) return { status: 'not-proved', proof };
  const folder = 'tests/hindstep';
  return {
    status: 'written',
    files: [
      `${folder}/cancels-the-duplicate-order.test.ts`,
      `${folder}/cancels-the-duplicate-order.fixture.json`,
      `${folder}/hindstep-replay.mjs`,
    ],
    testFile: `${folder}/cancels-the-duplicate-order.test.ts`,
    proof,
    command: proof.command,
  };
}
