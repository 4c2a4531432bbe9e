import type { RunEvaluation } from '../protocol/traceService.ts';

/** Judges a run; tells `onFirst` what the built-in evaluators found when programs of the workspace are still at work. */
export type Evaluate = (
  signal: AbortSignal | undefined,
  onFirst: (evaluation: RunEvaluation) => void,
) => Promise<RunEvaluation>;

interface Known {
  /** What can be shown first. */
  readonly first: Promise<RunEvaluation>;
  readonly whole: Promise<RunEvaluation>;
}

/**
 * What is known of each run, by its id. The built-in evaluators' verdicts are answered as soon as they are there; `onMore`
 * is told when there are more, and then those are the answer.
 */
export class RunEvaluations {
  private readonly known = new Map<string, Known>();

  constructor(private readonly onMore: (run: string) => void) {}

  /** Evaluates a run, or answers what is known of it; with `whole` only when there is nothing more to come. An evaluation that was cancelled or failed may be asked for again. */
  async of(run: string, signal: AbortSignal | undefined, evaluate: Evaluate, whole = false): Promise<RunEvaluation> {
    const known = this.known.get(run) ?? this.begin(run, signal, evaluate);
    return whole ? known.whole : known.first;
  }

  forget(run: string): void {
    this.known.delete(run);
  }

  clear(): void {
    this.known.clear();
  }

  private begin(run: string, signal: AbortSignal | undefined, evaluate: Evaluate): Known {
    let early = false;
    let tell: (evaluation: RunEvaluation) => void = () => undefined;
    const told = new Promise<RunEvaluation>((resolve) => {
      tell = (evaluation) => {
        early = true;
        resolve(evaluation);
      };
    });
    const whole = evaluate(signal, tell);
    const known = { first: Promise.race([told, whole]), whole };
    this.known.set(run, known);
    whole.then(
      () => {
        if (!early || this.known.get(run) !== known) return;
        this.known.set(run, { first: whole, whole });
        this.onMore(run);
      },
      () => this.known.get(run) === known && this.known.delete(run),
    );
    return known;
  }
}
