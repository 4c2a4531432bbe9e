import { resolve } from 'node:path';
import { endpointUrl } from '../node/judgement/judge/endpointUrl.ts';
import type { ModelJudgeSettings } from '../node/judgement/judge/modelJudge.ts';
import type { Arguments, Option } from './command.ts';

/** What `--judge` takes in place of an address. */
const CACHED = 'cached';

/** What commands that judge runs can be told about a model that judges besides. */
export const JUDGE_OPTIONS: readonly Option[] = [
  {
    name: 'judge',
    value: 'URL',
    words: 'also ask a model of an OpenAI-compatible server on this computer; "cached": use kept answers only',
  },
  { name: 'judge-model', value: 'NAME', words: 'which model is asked, where the server has several' },
  { name: 'judge-cache', value: 'FOLDER', words: 'where its answers are kept; in CI no others are used' },
];

/** The model that the options name; undefined when none is to judge. Throws a sentence when they make no sense. */
export function modelJudgeOf(args: Arguments): ModelJudgeSettings | undefined {
  const [judge, model, cache] = [args.text('judge'), args.text('judge-model'), args.text('judge-cache')];
  if (judge === undefined) {
    if (model === undefined && cache === undefined) return undefined;
    throw new Error('--judge-model and --judge-cache need --judge, which says who judges.');
  }
  if (judge !== CACHED) {
    const url = endpointUrl({ url: judge });
    if (!url.ok) throw new Error(url.error);
  }
  // A check that fails today and holds tomorrow, because a model was asked anew, is none.
  const keptOnly = judge === CACHED || inCi();
  if (keptOnly && cache === undefined) {
    const why = judge === CACHED ? '--judge cached uses' : 'In CI the judge uses';
    throw new Error(`${why} kept answers only: name their folder with --judge-cache.`);
  }
  return {
    ...(!keptOnly && { endpoint: judge }),
    ...(model !== undefined && { model }),
    ...(cache !== undefined && { cacheFolder: resolve(cache) }),
  };
}

function inCi(): boolean {
  return !['', '0', 'false'].includes((process.env.CI ?? '').toLowerCase());
}
