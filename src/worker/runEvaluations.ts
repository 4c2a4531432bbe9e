import type { RunEvaluation } from '../protocol/traceService.ts';

/** Judges a run; tells `onFirst` what the built-in evaluators found when programs of the workspace are still at work. */
export type Evaluate = (
  signal: AbortSignal | undefined,
  onFirst: (evaluation: RunEvaluation) => void,
) => Promise<RunEvaluation>;

/**
 * What is known of each run, by its id. The built-in evaluators' verdicts are answered as soon as they are there; `onMore`
 * is told when there are more, and then those are the answer.
 */
export class RunEvaluations {
  private readonly known = new Map<string, Promise<RunEvaluation>>();

  constructor(private readonly onMore: (run: string) => void) {}

  /** Evaluates a run, or answers what is known of it. An evaluation that was cancelled or failed may be asked for again. */
  async of(run: string, signal: AbortSignal | undefined, evaluate: Evaluate): Promise<RunEvaluation> {
    return this.known.get(run) ?? this.begin(run, signal, evaluate);
  }

  forget(run: string): void {
    this.known.delete(run);
  }

  clear(): void {
    this.known.clear();
  }

  private begin(run: string, signal: AbortSignal | undefined, evaluate: Evaluate): Promise<RunEvaluation> {
    let early = false;
    let tell: (evaluation: RunEvaluation) => void = () => undefined;
    const told = new Promise<RunEvaluation>((resolve) => {
      tell = (evaluation) => {
        early = true;
        resolve(evaluation);
      };
    });
    const whole = evaluate(signal, tell);
    const first = Promise.race([told, whole]);
    this.known.set(run, first);
    whole.then(
      () => {
        if (!early || this.known.get(run) !== first) return;
        this.known.set(run, whole);
        this.onMore(run);
      },
      () => this.known.get(run) === first && this.known.delete(run),
    );
    return first;
  }
}
