import { createHash } from 'node:crypto';
import { basename, isAbsolute, relative, sep } from 'node:path';
import { wordsOfRun, wordsOfStep } from '../../core/convert/convert.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import { Redactor } from '../../core/redact/redact.ts';
import type { ByteSource } from '../../core/source/byteSource.ts';
import type { Run } from '../../core/trace/model.ts';
import { type Judged, judgedTrace } from '../../core/verdictFiles/judgedTrace.ts';
import type { JudgedTrace, VerdictReport } from '../../core/verdictFiles/report.ts';
import { textsOf, withoutSecrets } from '../../core/verdictFiles/withoutSecrets.ts';
import type { Judgement } from '../judgement/judgeRun.ts';
import { secretlintDetector } from '../regression/secretDetector.ts';

export interface CollectedFile {
  readonly path: string;
  readonly trace: OpenTrace;
  /** The file as it stands on disk. */
  readonly source: ByteSource;
}

/**
 * Gathers what was judged of one trace file after the other, and keeps what verdict files say of them. Secrets are learned from every
 * step as it streams past the evaluators, so that a quote of one is known for a secret wherever it stands.
 */
export class VerdictCollection {
  private readonly redactor = new Redactor(secretlintDetector);
  private readonly traces: JudgedTrace[] = [];

  /** `folder`: what the paths of trace files are relative to. */
  constructor(private readonly folder: string) {}

  /**
   * Takes in runs of a file, each judged by `judge`, which must let every step of the run pass by; answers whether a
   * verdict failed. Rejects as `judge` does.
   */
  async add(
    file: CollectedFile,
    runs: readonly Run[],
    judge: (trace: Pick<OpenTrace, 'steps'>, run: Run) => Promise<Omit<Judgement, 'risk'>>,
  ): Promise<{ failed: boolean }> {
    const { trace, source } = file;
    const judged: Judged[] = [];
    for (const run of runs) {
      await this.redactor.learn(wordsOfRun(run));
      const { verdicts, rollUps, suspects } = await judge(this.learningFrom(trace), run);
      judged.push({ run, verdicts, rollUps, suspects });
    }
    const sha256 = await sha256Of(source);
    const path = pathFrom(this.folder, file.path);
    const made = await judgedTrace({ path, sha256, trace, source }, judged, this.redactor);
    await this.redactor.learn(textsOf(made));
    this.traces.push(made);
    return { failed: judged.some(({ verdicts }) => verdicts.some(({ status }) => status === 'fail')) };
  }

  get isEmpty(): boolean {
    return this.traces.length === 0;
  }

  /** What was judged so far, with placeholders for secrets. */
  report(version: string, linkBase?: string): VerdictReport {
    const whole = { version, ...(linkBase !== undefined && { linkBase }), traces: this.traces };
    return withoutSecrets(whole, this.redactor);
  }

  /** The same steps, each learned from the first time that it comes by. */
  private learningFrom(trace: OpenTrace): Pick<OpenTrace, 'steps'> {
    const { redactor } = this;
    let next = 0;
    return {
      async *steps(run, from, to, signal) {
        for await (const step of trace.steps(run, from, to, signal)) {
          if (step.index >= next) {
            await redactor.learn(wordsOfStep(step));
            next = step.index + 1;
          }
          yield step;
        }
      },
    };
  }
}

const CHUNK = 1024 * 1024;

async function sha256Of(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; ) {
    const bytes = await source.read(at, Math.min(CHUNK, source.size - at));
    if (bytes.length === 0) break;
    hash.update(bytes);
    at += bytes.length;
  }
  return hash.digest('hex');
}

/** As links name a file: relative, with `/`. Of a file elsewhere only its name is told: folders are nobody's business. */
function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  return way.startsWith('..') || isAbsolute(way) ? basename(path) : way.split(sep).join('/');
}
