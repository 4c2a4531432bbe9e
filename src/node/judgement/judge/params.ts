/**
 * How models are asked, everywhere: as much alike every time as they can. Part of what cached answers are found by. Tokens are enough
 * for a model that thinks aloud first.
 */
export const PARAMS = { temperature: 0, seed: 1, max_tokens: 2000 } as const;

/** Characters of an answer that is looked at. */
export const LONGEST_ANSWER = 50_000;
