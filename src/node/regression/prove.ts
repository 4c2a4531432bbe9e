import type { Proof, ProofRun, RunnerId } from '../../core/regression/fixture.ts';
import type { RunnerCommand } from './runners.ts';
import { runProgram } from './runProgram.ts';

export interface ProveInput {
  readonly runner: RunnerId;
  readonly command: RunnerCommand;
  readonly workspaceFolder: string;
  /** The test to run, absolute; and as it will be named to people, relative to the workspace. */
  readonly testFile: string;
  readonly shownFile: string;
  /** What the recorded run, and the run with the correction undone, do against the expectations: red is for one of these. */
  readonly reasons: { readonly recorded: readonly string[]; readonly undone: readonly string[] };
  /** The file that holds the changes of the correction that the test must notice, and what they are. */
  readonly mutations: { readonly file: string; readonly names: readonly string[]; readonly dropped: readonly string[] };
  /** Whether the test has an agent of the workspace to run as well. */
  readonly hasAgent: boolean;
  /** Paths of this machine that the output must not carry on, with what is said instead. */
  readonly rename: readonly (readonly [path: string, shown: string])[];
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** ms. A runner starts in a few seconds; an agent that calls a model can take long, and is only for information. */
const TIMEOUT = 60_000;
const MOST_OUTPUT = 4000;

const EXPECTED: Readonly<Record<ProofRun['agent'], ProofRun['expected']>> = {
  recorded: 'red',
  corrected: 'green',
  undone: 'red',
  mutated: 'green',
  adapter: 'red',
};

const PROOF = ['recorded', 'corrected', 'undone', 'mutated'] as const;

/**
 * Runs a test against the recorded run, against the correction, against the recorded run once more, and against each
 * change of the correction that one of its assertions must notice; then, for information, with the agent itself. Red counts only for the stated reason: an import error, or a replay that left the
 * recording, is no proof.
 */
export async function prove(input: ProveInput): Promise<Proof> {
  const runs: Judged[] = [];
  for (const agent of PROOF) {
    // Changes of a correction that is none tell nothing.
    if (agent === 'mutated' && runs.some(({ run }) => run.actual !== run.expected)) break;
    const judged = await runOnce(input, agent);
    runs.push(judged);
    if (input.signal?.aborted === true || judged.run.actual === 'error') break;
  }
  const failed = runs.find(({ run }) => run.actual !== run.expected);
  const proved = failed === undefined && runs.length === PROOF.length;
  if (proved && input.hasAgent) runs.push(await runOnce(input, 'adapter'));
  return {
    proved,
    runner: input.runner,
    command: input.command.shown(input.shownFile),
    runs: runs.map(({ run }) => run),
    mutations: proved ? input.mutations.names : [],
    dropped: input.mutations.dropped,
    sentence: failed === undefined ? provedSentence(runs, input.mutations.dropped) : failedSentence(failed),
  };
}

interface Judged {
  readonly run: ProofRun;
  /** The helper's first sentence, when red. */
  readonly reason: string | undefined;
  /** Why the run is an error. */
  readonly problem: string | undefined;
}

async function runOnce(input: ProveInput, agent: ProofRun['agent']): Promise<Judged> {
  const { command, workspaceFolder, testFile, signal } = input;
  const expected = EXPECTED[agent];
  input.onProgress(`Running the test ${WORDS[agent]}: it should be ${expected}…`);
  const finished = await runProgram(command.program, command.args(testFile), {
    folder: workspaceFolder,
    env: { ...ENVIRONMENT, ...proofVariables(input, agent) },
    timeout: TIMEOUT,
    signal,
  });
  const output = neutral(finished.output, input.rename);
  const reason = agent === 'recorded' || agent === 'undone' ? statedIn(output, input.reasons[agent]) : reasonIn(output);
  const actual =
    finished.exitCode === 0 ? 'green' : finished.exitCode !== undefined && reason !== undefined ? 'red' : 'error';
  input.onProgress(`  ${actual}${actual === 'red' ? `: ${reason}` : ''}`);
  return {
    run: { expected, actual, agent, output: cut(output), duration: finished.duration },
    reason: actual === 'red' ? reason : undefined,
    problem: actual === 'error' ? (finished.problem ?? problemOf(output)) : undefined,
  };
}

/** What tells the helper which run to judge instead of the agent's. */
function proofVariables({ mutations }: ProveInput, agent: ProofRun['agent']): Record<string, string> {
  if (agent === 'adapter') return {};
  return agent === 'mutated'
    ? { HINDSTEP_PROOF: 'mutations', HINDSTEP_MUTATIONS: mutations.file }
    : { HINDSTEP_PROOF: agent };
}

/** The first of the expected sentences that stands in a runner's output. */
function statedIn(output: string, reasons: readonly string[]): string | undefined {
  const said = bare(output);
  return reasons.find((reason) => said.includes(bare(`hindstep: ${reason}`).slice(0, SAID)));
}

/** Runners cut long values off: pytest after 120 characters. */
const SAID = 100;

/** Runners quote and escape the same sentence each in its own way. */
function bare(text: string): string {
  return text.replace(/["'`\\\s]+/g, '');
}

/**
 * The helper's first sentence in a runner's output, without the quotes and escapes of that runner; a whole one before one
 * that the runner has shortened. Undefined when the test failed by itself.
 */
export function reasonIn(output: string): string | undefined {
  const found = [...output.matchAll(/(["'`]?)hindstep: (.+)/g)].map(([, quote = '', rest = '']) => {
    const end = quote === '' ? -1 : rest.search(new RegExp(`(?<!\\\\)${quote}(?:[\\],\\s]|$)[^${quote}]*$`));
    const inner = end < 0 ? rest : rest.slice(0, end);
    return quote === '' ? inner : inner.replace(/\\(["'`\\])/g, '$1');
  });
  const best = found.find((sentence) => !/\w\.\.\./.test(sentence)) ?? found[0];
  return best !== undefined && best.length > MOST_REASON ? `${best.slice(0, MOST_REASON)}…` : best;
}

const MOST_REASON = 200;

const WORDS: Readonly<Record<ProofRun['agent'], string>> = {
  recorded: 'on the recorded run',
  corrected: 'on the correction',
  undone: 'with the correction undone',
  mutated: 'on changes of the correction',
  adapter: 'with your agent',
};

/** Runners write plain text, and nothing beside the tests. */
export const ENVIRONMENT = { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', PYTHONDONTWRITEBYTECODE: '1' };

function provedSentence(runs: readonly Judged[], dropped: readonly string[]): string {
  const reason = runs[0]?.reason ?? '';
  const adapter = runs.find(({ run }) => run.agent === 'adapter');
  const sentence = [
    `Red on the recorded run (${reason}), green on the correction, red again when it is undone.`,
    'Each assertion turns red under a change of the correction.',
    ...dropped,
  ].join(' ');
  switch (adapter?.run.actual) {
    case undefined:
      return sentence;
    case 'red':
      return `${sentence} Your agent is red as well: it still has the bug.`;
    case 'green':
      return `${sentence} Your agent is green already.`;
    case 'error':
      return `${sentence} Your agent could not be run: ${adapter?.problem ?? 'it ended without an answer.'}`;
  }
}

function failedSentence({ run, problem, reason }: Judged): string {
  if (run.actual === 'error') {
    return `The test could not be run ${WORDS[run.agent]}: ${problem ?? 'it ended without an answer.'}`;
  }
  if (run.agent === 'corrected') {
    return `The test stays red on the correction (${reason ?? 'no reason given'}), so it would never turn green. Choose another correction.`;
  }
  if (run.agent === 'mutated') {
    return `The test does not notice every change of the correction (${reason ?? 'no reason given'}), so an assertion of it holds whatever happens.`;
  }
  return `The test is green ${WORDS[run.agent]}, so it would not have caught this. Choose a correction that differs from what was recorded.`;
}

/** The most telling line of a runner that failed by itself, with advice where the cause is known. */
export function problemOf(output: string): string {
  if (/ERR_UNKNOWN_FILE_EXTENSION|Unknown file extension "\.m?ts"/.test(output)) {
    return 'this Node.js can not load TypeScript. Choose vitest, or use Node.js 22.18 or later.';
  }
  if (/No test files found|No tests found/.test(output)) {
    return "the runner's own `include` or `testMatch` setting leaves this name or the folders beside it out. Choose a name that it takes, in a folder one level further inside, such as tests/regression.";
  }
  const lines = output.split('\n').map((line) => line.trim());
  const line =
    lines.find((one) => /^(?:E\s+)?(?:\w*Error|ERR_\w+)\b.*\S/.test(one)) ?? lines.find((one) => /error/i.test(one));
  return line?.slice(0, 300) ?? 'the runner failed without a word.';
}

/** The output without colours and without where this machine keeps its files. */
function neutral(output: string, rename: ProveInput['rename']): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const plain = output.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  return rename.reduce((text, [path, shown]) => text.replaceAll(path, shown), plain);
}

/** The start and the end of a long output, which say most. */
function cut(output: string): string {
  if (output.length <= MOST_OUTPUT) return output;
  const half = Math.floor((MOST_OUTPUT - 3) / 2);
  return `${output.slice(0, half)}\n…\n${output.slice(-half)}`;
}
