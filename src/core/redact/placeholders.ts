/** What stands in place of a secret: `<EMAIL_1>`. */
const PLACEHOLDER = /<[A-Z][A-Z_]*_\d+>/g;

/** True when the text has a placeholder in it. */
export function hasPlaceholder(text: string): boolean {
  return text.search(PLACEHOLDER) >= 0;
}

/** The text cut at its placeholders: `['to ', '<EMAIL_1>', '!']`; every second part is a placeholder. */
export function splitPlaceholders(text: string): string[] {
  return text.split(/(<[A-Z][A-Z_]*_\d+>)/);
}

/** The text without its placeholders. */
export function withoutPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, '');
}

/** Numbers placeholders by kind, in the order in which they are asked for, and never one that the texts already have. */
export class PlaceholderNumbers {
  private readonly last = new Map<string, number>();

  /** Takes note of the placeholders in a text that is about to be redacted. */
  reserve(text: string): void {
    for (const [found] of text.matchAll(PLACEHOLDER)) {
      const at = found.lastIndexOf('_');
      const kind = found.slice(1, at);
      this.last.set(kind, Math.max(this.last.get(kind) ?? 0, Number(found.slice(at + 1, -1))));
    }
  }

  next(kind: string): string {
    const number = (this.last.get(kind) ?? 0) + 1;
    this.last.set(kind, number);
    return `<${kind}_${number}>`;
  }
}
