import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asArray, at, field, type Json } from '../../src/core/util/json.ts';
import { runCli } from '../support/runCli.ts';
import { goodAnswer, stubEndpoint } from '../support/stubEndpoint.ts';

const trace = resolve(import.meta.dirname, '../../samples/traces/cancel-duplicate-order.trace.json');
const folder = mkdtempSync(join(tmpdir(), 'hindstep-judge-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void vi.stubEnv('CI', ''));
afterEach(() => void vi.unstubAllEnvs());

/** Status and whether it was cached of each of the model's verdicts. */
async function judged(...options: string[]): Promise<(readonly [Json | undefined, Json | undefined])[]> {
  const { lines, errors } = await runCli('eval', trace, '--json', ...options);
  expect(errors).toEqual([]);
  const verdicts = asArray(field(JSON.parse(lines[0] ?? '') as Json, 'verdicts'));
  const own = verdicts.filter((verdict) => String(field(verdict, 'evaluator')).startsWith('judge.'));
  return own.map((verdict) => [field(verdict, 'status'), at(verdict, 'judge', 'cached')] as const);
}

describe('hindstep eval --judge', () => {
  it('asks the model once, and from then on, and in CI, only the cache', async () => {
    const cache = ['--judge-cache', join(folder, 'cache')];
    await using stub = await stubEndpoint((asked) => goodAnswer(asked), ['big', 'tiny']);
    const live = ['--judge', stub.url, '--judge-model', 'tiny', ...cache];
    expect(await judged(...live)).toEqual([
      ['pass', false],
      ['pass', false],
      ['pass', false],
    ]);
    const { length } = stub.asked;
    const kept = [
      ['pass', true],
      ['pass', true],
      ['pass', true],
    ];
    expect(await judged('--judge', 'cached', ...cache)).toEqual(kept);
    vi.stubEnv('CI', 'true');
    expect(await judged(...live)).toEqual(kept);
    const nothing = ['--judge', stub.url, '--judge-cache', join(folder, 'none')];
    expect((await judged(...nothing)).map(([status]) => status)).toEqual(['na', 'na', 'na']);
    expect(stub.asked).toHaveLength(length);
  });

  it('judges with nobody but the rules when it is not asked for', async () => {
    expect(await judged()).toEqual([]);
  });

  it.each([
    [['--judge', 'http://192.0.2.1/v1'], /not on this computer/],
    [['--judge', 'somewhere'], /no address of a model/],
    [['--judge', 'cached'], /--judge-cache/],
    [['--judge-model', 'tiny'], /need --judge/],
  ])('says what is wrong with %s', async (options, sentence) => {
    const { code, errors } = await runCli('eval', trace, ...options);
    expect([code, errors.join(' ')]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it('needs a folder of answers in CI', async () => {
    vi.stubEnv('CI', '1');
    const { code, errors } = await runCli('eval', trace, '--judge', 'http://127.0.0.1:1/v1');
    expect([code, errors.join(' ')]).toEqual([2, expect.stringMatching(/In CI.*--judge-cache/)]);
  });
});
