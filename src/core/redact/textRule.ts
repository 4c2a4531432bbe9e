/** A secret in a text: where it stands, what it is, and which rule says so. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** First part of the placeholder: `EMAIL`. */
  readonly kind: string;
  /** `email`, `phone`, `field-name`, or the detector's name of its rule. */
  readonly rule: string;
  /** What gives it away, from here to `end`: `password is x`. Absent where the secret speaks for itself. */
  readonly contextStart?: number;
}

/** A shape of secrets. */
export interface TextRule {
  readonly rule: string;
  readonly kind: string;
  /** Has the flags `gd`; group 1, where there is one, is the secret, else the whole match is. */
  readonly pattern: RegExp;
  /** Stands in every text that has such a secret, and is found more quickly. */
  readonly needs?: RegExp;
  /** `before` is the up to 30 characters that stand before the secret. */
  readonly accepts?: (found: string, before: string) => boolean;
}

/**
 * Whether a word may begin after a text: also after a line break that JSON has escaped (`\nsk-…`), and after what a URL has
 * (`%20sk-…`). As a part of a pattern it would be tried at every character, which takes twice as long.
 */
export function mayBeginAfter(before: string): boolean {
  return /(?:^|[^\w-]|\\[nrt]|%[0-9A-Fa-f]{2})$/.test(before);
}

export function matchesOf({ rule, kind, pattern, needs, accepts }: TextRule, text: string): FoundSecret[] {
  if (needs?.test(text) === false) return [];
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
    const isAccepted =
      accepts === undefined || accepts(text.slice(start, end), text.slice(Math.max(0, start - 30), start));
    if (isAccepted) found.push({ start, end, kind, rule });
  }
  return found;
}
