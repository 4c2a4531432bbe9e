import type { Usage } from '../../trace/model.ts';
import { asNumber, at, isObject, type Json } from '../../util/json.ts';

/** Tokens from a provider's usage object, under OpenAI's (chat and responses) or Anthropic's names. */
export function readUsage(recorded: Json | undefined): Usage | undefined {
  if (!isObject(recorded)) return undefined;
  const inputTokens = asNumber(at(recorded, 'prompt_tokens')) ?? asNumber(at(recorded, 'input_tokens'));
  const outputTokens = asNumber(at(recorded, 'completion_tokens')) ?? asNumber(at(recorded, 'output_tokens'));
  const cachedTokens =
    asNumber(at(recorded, 'prompt_tokens_details', 'cached_tokens')) ??
    asNumber(at(recorded, 'input_tokens_details', 'cached_tokens')) ??
    asNumber(at(recorded, 'cache_read_input_tokens'));
  const reasoningTokens =
    asNumber(at(recorded, 'completion_tokens_details', 'reasoning_tokens')) ??
    asNumber(at(recorded, 'output_tokens_details', 'reasoning_tokens'));
  return usageFrom({ inputTokens, outputTokens, cachedTokens, reasoningTokens });
}

/** Usage without what is not recorded; undefined when neither input nor output tokens are. */
export function usageFrom(counts: Readonly<Record<keyof Usage, number | undefined>>): Usage | undefined {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = counts;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}

/** Input plus output tokens, as step rows show them. */
export function tokensOf(usage: Usage | undefined): number | undefined {
  return usage === undefined ? undefined : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
}

const KINDS = ['inputTokens', 'outputTokens', 'cachedTokens', 'reasoningTokens'] as const;

/** The sum of usages; undefined when there is none. */
export function sumUsage(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined;
  const sum: { -readonly [Key in keyof Usage]: Usage[Key] } = {};
  for (const usage of usages) {
    for (const key of KINDS) {
      const value = usage[key];
      if (value !== undefined) sum[key] = (sum[key] ?? 0) + value;
    }
  }
  return sum;
}
