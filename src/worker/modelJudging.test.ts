import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { goodAnswer, stubEndpoint } from '../../test/support/stubEndpoint.ts';
import type { Verdict } from '../core/evaluators/verdict.ts';
import { openFileSource } from '../node/fileSource.ts';
import { folderNeighbours } from '../node/neighbours.ts';
import type { Progress } from '../protocol/traceService.ts';
import { traceService } from './traceService.ts';

const samples = resolve(import.meta.dirname, '../../samples/traces');
const { signal } = new AbortController();
/** Made of parts, so that nobody's scanner takes a test for a leak. */
const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');

async function opened() {
  const progress: Progress[] = [];
  const files = {
    open: async (path: string) => ({ source: await openFileSource(path), neighbours: folderNeighbours(samples) }),
  };
  const service = traceService(files, {
    progress: (one) => progress.push(one),
    changed: () => undefined,
    judged: () => undefined,
  });
  const answer = await service.open({ path: resolve(samples, 'cancel-duplicate-order.trace.json') }, signal);
  if (answer.status !== 'opened') throw new Error('The sample is no trace.');
  return { service, progress, run: answer.summary.runs[0]?.id ?? '' };
}

it('makes questions without asking anybody, and asks just what it is given', async () => {
  const { service, progress, run } = await opened();
  const { questions } = await service.judgeQuestions({ run }, signal);
  expect(questions.length).toBeGreaterThan(4);
  expect(progress.some(({ task }) => task === 'judge')).toBe(true);
  await using stub = await stubEndpoint((asked) => goodAnswer(asked));
  const endpoint = { url: stub.url };
  expect(await service.endpointModel({ endpoint }, signal)).toEqual({ ok: true, value: { model: 'tiny' } });
  expect(stub.asked).toEqual([]);
  const question = { system: 's', user: 'u', labels: ['right'] };
  expect((await service.askEndpoint({ endpoint, model: 'tiny', question }, signal)).ok).toBe(true);
  expect(stub.asked).toMatchObject([{ system: 's', user: 'u' }]);
  const elsewhere = { endpoint: { url: 'http://192.0.2.1/v1' }, model: 'tiny', question };
  expect(await service.askEndpoint(elsewhere, signal)).toMatchObject({ ok: false });
});

it('takes what a model found into the run’s evaluation, masked like all else', async () => {
  const { service, run } = await opened();
  const before = await service.evaluate({ run }, signal);
  const judge = { model: 'tiny', host: 'here', promptHash: '', params: {}, cached: false };
  const verdict: Verdict = {
    evaluator: 'judge.task-completion',
    status: 'fail',
    score: 0,
    reason: `It used ${KEY}.`,
    findings: [],
    judge,
  };
  await service.addVerdicts({ run, verdicts: [verdict] }, signal);
  const after = await service.evaluate({ run }, signal);
  expect(after.verdicts).toHaveLength(before.verdicts.length + 1);
  expect(after.verdicts.at(-1)).toMatchObject({ evaluator: verdict.evaluator, judge });
  expect(JSON.stringify(after)).not.toContain(KEY);
  expect(after.rollUps.find(({ evaluator }) => evaluator === 'TaskCompletion')).toMatchObject({
    status: 'fail',
    judge,
  });
  // The same again takes the place of what was said before.
  await service.addVerdicts({ run, verdicts: [{ ...verdict, status: 'pass', score: 1 }] }, signal);
  expect((await service.evaluate({ run }, signal)).verdicts).toHaveLength(before.verdicts.length + 1);
});
