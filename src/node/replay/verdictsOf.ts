import type { VerdictStatus } from '../../core/evaluators/verdict.ts';
import { type OpenTrace, openTrace } from '../../core/formats/openTrace.ts';
import type { Fixture } from '../../core/regression/fixture.ts';
import { conversationText } from '../../core/regression/fork/conversationText.ts';
import type { ReplaySession } from '../../core/regression/replay/replaySession.ts';
import { textSource } from '../../core/source/byteSource.ts';
import type { Run } from '../../core/trace/model.ts';
import { judgeRun } from '../judgement/judgeRun.ts';

type Verdicts = Readonly<Record<string, VerdictStatus>>;

/** Whether a fixture asks what an evaluator says. */
export function wantsVerdicts({ expect }: Pick<Fixture, 'expect'>): boolean {
  return expect.some(({ kind }) => kind === 'evaluator');
}

/** What the evaluators say of a run, by id. */
export async function verdictsOf(trace: Pick<OpenTrace, 'steps'>, run: Run, signal: AbortSignal): Promise<Verdicts> {
  const { verdicts, rollUps } = await judgeRun(trace, run, { signal });
  return Object.fromEntries([...rollUps, ...verdicts].map(({ evaluator, status }) => [evaluator, status]));
}

/** The same of a conversation that was replayed. */
export async function verdictsOfSession(session: ReplaySession, signal: AbortSignal): Promise<Verdicts> {
  const opened = await openTrace(textSource('run.json', conversationText(session.messages, session.tools)), { signal });
  const [run] = opened.ok ? opened.value.trace.runs : [];
  return opened.ok && run !== undefined ? verdictsOf(opened.value, run, signal) : {};
}
