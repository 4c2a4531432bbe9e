import { expect, it } from 'vitest';
import type { JudgeQuestion } from '../../core/judge/question.ts';
import { consentDetail, outcomeSentence, silentSentence } from './sentences.ts';

const question = (steps: readonly number[]): JudgeQuestion => ({
  rubric: 'judge.tool-selection',
  question: 'tool',
  system: 's'.repeat(400),
  user: 'u'.repeat(1000),
  case: '',
  shown: steps.map((step) => ({ step, pointer: '', text: '' })),
  hash: '',
});

it('says before it is done how much is sent, of how many steps, and where to', () => {
  const detail = consentDetail([question([0, 2]), question([2, 5])], 2, 'tiny at 127.0.0.1:11434');
  expect(detail).toMatch(/^2 questions with 2,800 characters, from 3 steps of the run, will be sent to tiny at 127/);
  expect(detail).not.toMatch(/earlier judgements/);
  expect(consentDetail([question([1])], 4, 'x')).toMatch(/^1 question with .* from 1 step .*\n\n3 answers of earlier/);
});

it('says what came of it', () => {
  const verdict = { evaluator: 'judge.tool-selection', score: null, findings: [] };
  expect(outcomeSentence('tiny', [{ ...verdict, status: 'fail', reason: 'x' }])).toBe(
    'tiny judged the run. tool-selection: fail.',
  );
  expect(outcomeSentence('tiny', [{ ...verdict, status: 'error', reason: 'Nothing listens.' }])).toMatch(
    /no judgement\. Nothing listens\.$/,
  );
  expect(silentSentence({ questions: [], silent: { 'judge.tool-selection': 'No tool was called.' } })).toMatch(
    /nothing to ask .* No tool was called\.$/,
  );
});
