import { describe, expect, it } from 'vitest';
import { type AskedModel, type Settled, verdictsOf } from './conclude.ts';
import type { JudgeQuestion } from './question.ts';
import { withModelJudge } from './rollUps.ts';
import { RUBRICS } from './rubrics.ts';

const MODEL: AskedModel = { model: 'tiny', host: '127.0.0.1:11434', params: { temperature: 0 } };

function ask(rubric: string, question: string, step?: number): JudgeQuestion {
  return {
    rubric,
    question,
    ...(step !== undefined && { step }),
    system: '',
    user: '',
    case: '',
    shown: [],
    hash: 'h',
  };
}

function answered(rubric: string, question: string, named: string, cached = false): Settled {
  const of = RUBRICS.find(({ id }) => id === rubric)?.questions.find(({ id }) => id === question);
  const label = of?.labels.find((known) => known.label === named);
  if (label === undefined) throw new Error(`${rubric} has no label ${named}.`);
  const evidence = [{ step: 2, pointer: '/actions/0/arguments/id', quote: 'W2' }];
  return { status: 'answered', answer: { label, reason: 'It is the newer order.', evidence }, cached };
}

function judged(...all: [question: JudgeQuestion, settled: Settled][]) {
  const settled = all.map(([question, of]) => ({ question, settled: of }));
  return verdictsOf({ questions: [], silent: {} }, settled, MODEL);
}

const TOOL = 'judge.tool-selection';
const TASK = 'judge.task-completion';

describe('verdictsOf', () => {
  it('fails with the step and the quote, and says that a model said so', () => {
    const [verdict] = judged([ask(TOOL, 'arguments', 2), answered(TOOL, 'arguments', 'wrong-object')]);
    expect(verdict).toMatchObject({
      evaluator: TOOL,
      status: 'fail',
      score: 0,
      reason: 'Model judge (tiny): 1 answer with evidence, 1 finding.',
      judge: {
        model: 'tiny',
        cached: false,
        params: { temperature: 0 },
        promptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      findings: [
        {
          step: 2,
          pointer: '/actions/0/arguments/id',
          message: "By a model's reading: arguments about the wrong object. It says: It is the newer order.",
          confidence: 'heuristic',
          severity: 'warning',
          evidence: [{ step: 2, quote: 'W2' }],
        },
      ],
    });
  });

  it('scores by the map of labels, and warns or passes by the worst', () => {
    const pass = judged([ask(TOOL, 'tool', 2), answered(TOOL, 'tool', 'right', true)])[0];
    expect(pass).toMatchObject({ status: 'pass', score: 1, findings: [], judge: { cached: true } });
    const warn = judged(
      [ask(TOOL, 'tool', 2), answered(TOOL, 'tool', 'right')],
      [ask(TOOL, 'tool', 4), answered(TOOL, 'tool', 'detour')],
    )[0];
    expect(warn).toMatchObject({ status: 'warn', score: 0.75 });
  });

  it('never fails without an answer that could be checked', () => {
    const one = (settled: Settled) => judged([ask(TOOL, 'tool', 2), settled])[0];
    expect(one({ status: 'missing' })).toMatchObject({
      status: 'na',
      score: null,
      reason: expect.stringMatching(/not in the cache/),
    });
    expect(one({ status: 'unusable', problem: 'It gave prose.' })).toMatchObject({
      status: 'error',
      reason: expect.stringMatching(/It gave prose/),
    });
    expect(one(answered(TOOL, 'tool', 'cannot-tell'))).toMatchObject({
      status: 'na',
      reason: expect.stringMatching(/could not tell in 1 case/),
    });
  });

  it('says what of the questions came to nothing beside what did not', () => {
    const [verdict] = judged(
      [ask(TOOL, 'tool', 2), answered(TOOL, 'tool', 'wrong')],
      [ask(TOOL, 'tool', 3), { status: 'unusable', problem: 'It gave prose.' }],
      [ask(TOOL, 'tool', 4), { status: 'missing' }],
    );
    expect(verdict).toMatchObject({ status: 'fail', judge: { cached: false } });
    expect(verdict?.reason).toMatch(/1 answer not in the cache.* 1 answer could not be used: It gave prose\./);
  });

  it('is not applicable, without a model, where nothing was asked', () => {
    const verdicts = verdictsOf({ questions: [], silent: { [TOOL]: 'No tool was called.' } }, [], MODEL);
    expect(verdicts.map(({ status, reason, judge }) => [status, reason, judge])).toEqual([
      ['na', 'No tool was called.', undefined],
      ['na', 'Nothing was asked.', undefined],
      ['na', 'Nothing was asked.', undefined],
    ]);
  });
});

describe('withModelJudge', () => {
  const notDone = judged([ask(TASK, 'done'), answered(TASK, 'done', 'not-done')]);
  const rollUp = (status: 'na' | 'pass') => ({
    evaluator: 'TaskCompletion',
    status,
    score: null,
    reason: 'x',
    findings: [],
  });

  it('answers for completion only where nothing else does', () => {
    expect(withModelJudge([rollUp('na')], notDone)).toMatchObject([
      { evaluator: 'TaskCompletion', status: 'fail', score: 0, judge: { model: 'tiny' } },
    ]);
    expect(withModelJudge([rollUp('pass')], notDone)).toEqual([rollUp('pass')]);
  });

  it('leaves other roll-ups, and what was not judged, alone', () => {
    const safety = { ...rollUp('na'), evaluator: 'ActionSafety' };
    expect(withModelJudge([safety], notDone)).toEqual([safety]);
    const missing = judged([ask(TASK, 'done'), { status: 'missing' }]);
    expect(withModelJudge([rollUp('na')], missing)).toEqual([rollUp('na')]);
  });
});
