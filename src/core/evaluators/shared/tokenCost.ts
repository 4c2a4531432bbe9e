import type { Run, Step, Usage } from '../../trace/model.ts';
import type { Policy, Price } from '../policy/policy.ts';

/** What a run took. Costs are USD; absent where neither the trace nor a price says anything: never a made-up 0. */
export interface Taken {
  readonly tokens: number | undefined;
  readonly cost: number | undefined;
  /** True where some model calls have neither a recorded cost nor a known price, so that it cost more. */
  readonly atLeast: boolean;
}

/** Adds up tokens and costs of steps: the recorded cost of each, else its tokens at the policy's prices. */
export class TokenCost {
  private tokens: number | undefined;
  private cost: number | undefined;
  private unpriced = 0;

  constructor(private readonly policy: Policy | undefined) {}

  /** The tokens and cost of one step, as far as they are known. */
  add(step: Step, run: Run): { readonly tokens?: number; readonly cost?: number } {
    const tokens = step.tokens ?? totalOf(step.usage);
    const cost = step.cost ?? costOf(step.usage, this.priceOf(step.model ?? run.model));
    if (tokens !== undefined) this.tokens = (this.tokens ?? 0) + tokens;
    if (cost !== undefined) this.cost = (this.cost ?? 0) + cost;
    else if (tokens !== undefined && tokens > 0) this.unpriced++;
    return { ...(tokens !== undefined && { tokens }), ...(cost !== undefined && { cost }) };
  }

  /** The totals that the run itself records stand above sums over its steps. */
  finish(run: Run): Taken {
    const tokens = totalOf(run.usage) ?? this.tokens;
    if (run.cost !== undefined) return { tokens, cost: run.cost, atLeast: false };
    if (this.cost !== undefined) return { tokens, cost: this.cost, atLeast: this.unpriced > 0 };
    return { tokens, cost: costOf(run.usage, this.priceOf(run.model)), atLeast: false };
  }

  private priceOf(model: string | undefined): Price | undefined {
    const prices = this.policy?.prices;
    return prices !== undefined && model !== undefined && Object.hasOwn(prices, model) ? prices[model] : undefined;
  }
}

function totalOf(usage: Usage | undefined): number | undefined {
  if (usage?.inputTokens === undefined && usage?.outputTokens === undefined) return undefined;
  return (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
}

/** Cached tokens are part of the input with most providers; with those that count them apart they can be more. */
function costOf(usage: Usage | undefined, price: Price | undefined): number | undefined {
  if (usage === undefined || price === undefined) return undefined;
  const { inputTokens = 0, outputTokens = 0, cachedTokens = 0 } = usage;
  const fresh = cachedTokens <= inputTokens ? inputTokens - cachedTokens : inputTokens;
  const input = price.input ?? 0;
  return (fresh * input + cachedTokens * (price.cached ?? input) + outputTokens * (price.output ?? 0)) / 1_000_000;
}
