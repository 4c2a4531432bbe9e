import { readAnswer } from '../../../core/judge/answer.ts';
import type { AskedModel, Settled, SettledQuestion } from '../../../core/judge/conclude.ts';
import type { JudgeQuestion } from '../../../core/judge/question.ts';
import type { RubricQuestion } from '../../../core/judge/rubric.ts';
import { RUBRICS } from '../../../core/judge/rubrics.ts';
import type { Result } from '../../../core/util/result.ts';
import type { AnswerCache } from './answerCache.ts';

export interface SettleOptions {
  readonly model: AskedModel;
  /** Asks the model; absent when only the cache may answer. Rejects only when aborted. */
  readonly ask?: (question: JudgeQuestion, labels: readonly string[], signal?: AbortSignal) => Promise<Result<string>>;
  readonly cache?: AnswerCache;
  readonly signal?: AbortSignal;
  /** Questions settled so far of `total`. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model that gives no words this often in a row will not give any. */
const MOST_FAILURES = 2;

/**
 * What becomes of each question, one after the other: the cache's answer, else the model's, which the cache then keeps when it could be
 * used. Rejects with the signal's reason when aborted; answers so far are in the cache by then.
 */
export async function settleAll(
  questions: readonly JudgeQuestion[],
  options: SettleOptions,
): Promise<SettledQuestion[]> {
  const { model, ask, cache, signal, onProgress } = options;
  const settled: SettledQuestion[] = [];
  let failures = 0;
  let problem = '';
  const settle = async (question: JudgeQuestion): Promise<Settled> => {
    const about = rubricQuestionOf(question);
    if (about === undefined) return { status: 'unusable', problem: 'The question is none of a rubric.' };
    const kept = await cache?.read(question, model);
    const known = kept === undefined ? undefined : readAnswer(kept, question, about);
    if (known?.ok === true) return { status: 'answered', answer: known.value, cached: true };
    if (ask === undefined) return { status: 'missing' };
    if (failures >= MOST_FAILURES) return { status: 'unusable', problem };
    const labels = about.labels.map(({ label }) => label);
    const words = await ask(question, labels, signal);
    signal?.throwIfAborted();
    failures = words.ok ? 0 : failures + 1;
    if (!words.ok) {
      problem = words.error;
      return { status: 'unusable', problem };
    }
    const answer = readAnswer(words.value, question, about);
    if (!answer.ok) return { status: 'unusable', problem: answer.error };
    await cache?.write(question, model, words.value);
    return { status: 'answered', answer: answer.value, cached: false };
  };
  for (const question of questions) {
    signal?.throwIfAborted();
    settled.push({ question, settled: await settle(question) });
    onProgress?.(settled.length, questions.length);
  }
  return settled;
}

/** Questions that the cache has no usable answer to: what would have to be sent. */
export async function unanswered(
  questions: readonly JudgeQuestion[],
  model: AskedModel,
  cache: AnswerCache,
): Promise<JudgeQuestion[]> {
  const settled = await settleAll(questions, { model, cache });
  return settled.flatMap(({ question, settled: { status } }) => (status === 'answered' ? [] : [question]));
}

function rubricQuestionOf({ rubric, question }: JudgeQuestion): RubricQuestion | undefined {
  return RUBRICS.find(({ id }) => id === rubric)?.questions.find(({ id }) => id === question);
}
