import { hasPlaceholder, splitPlaceholders } from '../redact/placeholders.ts';

/** What placeholders stand for in a new trace: `<EMAIL_1>` → `ana@example.org`. */
export type Bindings = Readonly<Record<string, string>>;

/** `hidden`: the wanted text was redacted, and nothing tells whether the other one is what stood there. */
export type TextComparison = 'same' | 'different' | 'hidden';

/** Compares a text of a fixture with one of a run. In proofs and replays both have the same placeholders. */
export function compareTexts(wanted: string, got: string, bindings: Bindings): TextComparison {
  if (wanted === got) return 'same';
  if (!hasPlaceholder(wanted) || hasPlaceholder(got)) return 'different';
  const parts = splitPlaceholders(wanted).map((part, i) => (i % 2 === 1 ? bindings[part] : part));
  if (!parts.includes(undefined)) return parts.join('') === got ? 'same' : 'different';
  const pattern = parts.map((part) => (part === undefined ? '.+' : escapeRegExp(part))).join('');
  return new RegExp(`^${pattern}$`, 's').test(got) ? 'hidden' : 'different';
}

/** What the placeholders of a text stand for, read off the same text as it was before redaction; `{}` when it is another text. */
export function bindPlaceholders(template: string, text: string): Bindings {
  const parts = splitPlaceholders(template);
  const names: string[] = [];
  const pattern = parts.map((part, i) => {
    if (i % 2 === 0) return escapeRegExp(part);
    const known = names.indexOf(part);
    if (known >= 0) return `\\${known + 1}`;
    names.push(part);
    return '(\\S.*?)';
  });
  const match = new RegExp(`^${pattern.join('')}$`, 's').exec(text);
  const bindings: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const value = match?.[i + 1];
    if (value !== undefined) bindings[name] = value;
  }
  return bindings;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
