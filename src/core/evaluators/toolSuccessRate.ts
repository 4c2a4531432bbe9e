import type { Step } from '../trace/model.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { outcomeOf } from './shared/actions.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

const WARN_BELOW = 0.8;
const FEWEST_CALLS = 5;

/** Share of calls that worked, of the calls whose outcome is known. */
export const toolSuccessRate: Evaluator = {
  id: 'run.tool-success-rate',
  title: 'Tool success rate',
  summary: 'How many calls worked, for each tool and in all.',
  level: 'run',
  severity: 'warning',
  needs: [],
  definition:
    `Calls that worked, divided by calls whose outcome is known. Warns below ${WARN_BELOW} when at least ${FEWEST_CALLS} ` +
    "outcomes are known; with fewer it only informs. Points at the worst tool's first failure.",
  notApplicable: 'The outcome of no call is known.',
  falsePositives: '"Nothing found" and the exit code 1 of a search, comparison or test run are answers, not failures.',
  defaultThreshold: `${WARN_BELOW} over at least ${FEWEST_CALLS} calls`,
  threshold: 'the lowest rate that is right, from 0 to 1',
  start: (context) => new ToolSuccessRateObserver(context.threshold(toolSuccessRate.id, WARN_BELOW)),
};

interface Counts {
  worked: number;
  failed: number;
  readonly failures: StepPlace[];
}

class ToolSuccessRateObserver implements Observer {
  readonly #tools = new Map<string, Counts>();

  constructor(private readonly least: number) {}

  step(step: Step): void {
    step.actions.forEach((action, i) => {
      const outcome = outcomeOf(action);
      if (outcome === 'unknown') return;
      const counts = this.#tools.get(action.tool) ?? { worked: 0, failed: 0, failures: [] };
      this.#tools.set(action.tool, counts);
      if (outcome === 'succeeded') counts.worked++;
      else {
        counts.failed++;
        if (counts.failures.length < 20) counts.failures.push({ step: step.index, pointer: `/actions/${i}` });
      }
    });
  }

  finish(): Conclusion {
    const all = [...this.#tools.values()];
    const worked = all.reduce((sum, counts) => sum + counts.worked, 0);
    const known = worked + all.reduce((sum, counts) => sum + counts.failed, 0);
    if (known === 0) return { status: 'na', score: null, reason: 'The outcome of no call is known.', findings: [] };
    const score = worked / known;
    const reason = `${worked} of ${counted(known, 'call')} worked (${percent(score)})`;
    const finding = score < this.least ? this.#finding(known >= FEWEST_CALLS) : undefined;
    if (finding === undefined) return { status: 'pass', score, reason: `${reason}.`, findings: [] };
    return known >= FEWEST_CALLS
      ? {
          status: 'warn',
          score,
          reason: `${reason}; at least ${percent(this.least)} is expected.`,
          findings: [finding],
        }
      : { status: 'pass', score, reason: `${reason}; too few calls to judge.`, findings: [finding] };
  }

  /** Points at the tool with the lowest share of successes; of equals, the one with the most failures. */
  #finding(enough: boolean): Finding | undefined {
    const worst = [...this.#tools].sort(([, a], [, b]) => shareOf(a) - shareOf(b) || b.failed - a.failed)[0];
    if (worst === undefined) return undefined;
    const [tool, counts] = worst;
    const [first, ...rest] = counts.failures;
    if (first === undefined) return undefined;
    const calls = counts.worked + counts.failed;
    return {
      step: first.step,
      pointer: first.pointer ?? '',
      message: `${tool} failed in ${counts.failed} of ${counted(calls, 'call')}, the first time here.`,
      evidence: rest,
      expected: `at least ${percent(this.least)} of the calls work`,
      actual: percent(shareOf(counts)),
      confidence: 'certain',
      severity: enough ? 'warning' : 'information',
    };
  }
}

function shareOf({ worked, failed }: Counts): number {
  return worked / (worked + failed);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
