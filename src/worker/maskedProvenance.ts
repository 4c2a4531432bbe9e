import type { ArgumentOrigin, ForwardUses, OriginPlace } from '../core/provenance/origin.ts';
import { maskSecrets, maskText } from '../core/redact/mask.ts';
import { GIANT } from '../core/redact/maskStretch.ts';
import { excerptAt } from '../core/trace/find.ts';
import type { Step } from '../core/trace/model.ts';
import { resolvePointer } from '../core/util/pointer.ts';
import { maskedStep, nameOf, type Secret, withoutSecrets } from './masking.ts';

type Read = (step: number) => Promise<Step>;

/** Origins with masks in place of credentials; places count in the masked texts, which are those on screen. */
export async function maskedOrigins(origins: readonly ArgumentOrigin[], read: Read): Promise<ArgumentOrigin[]> {
  const masked: ArgumentOrigin[] = [];
  for (const origin of origins) {
    const name = nameOf(origin.pointer);
    const value = maskSecrets({ [name]: origin.value })[name] ?? null;
    const mask = value === origin.value ? undefined : String(value);
    const text = String(origin.value);
    const conceal = (place: OriginPlace) => maskedPlace(place, read, mask === undefined ? undefined : { text, mask });
    masked.push({
      ...origin,
      value,
      sources: await Promise.all(origin.sources.map(conceal)),
      ...(origin.nearest !== undefined && { nearest: await conceal(origin.nearest) }),
    });
  }
  return masked;
}

/** The same for later uses: a value that is masked where it stands is masked in the list, too. */
export async function maskedUses({ uses, lookedTo }: ForwardUses, read: Read): Promise<ForwardUses> {
  const masked = uses.map(async (use) => {
    const named = use.usedBy.map(({ pointer }) => maskOf(nameOf(pointer), use.value));
    const mask =
      named.find((mask) => mask !== undefined) ?? maskOf(nameOf(use.place.within ?? use.place.pointer), use.value);
    const place = await maskedPlace(use.place, read, mask === undefined ? undefined : { text: use.value, mask });
    return { ...use, place, value: mask ?? (place.quote === use.place.quote ? use.value : place.quote) };
  });
  return { uses: await Promise.all(masked), lookedTo };
}

/** What stands for a value under a name, when it is masked there. */
function maskOf(name: string, value: string): string | undefined {
  const masked = maskSecrets({ [name]: value })[name];
  return masked === value ? undefined : masked;
}

/** What is shown of a quote that is a credential where it stands. */
const CONCEALED = '••••';

async function maskedPlace(place: OriginPlace, read: Read, secret: Secret | undefined): Promise<OriginPlace> {
  if (secret !== undefined) return concealed(place, [secret, { text: place.quote, mask: secret.mask }]);
  const { range } = place;
  const step = place.step < 0 ? undefined : await read(place.step);
  const text = step === undefined ? undefined : textAt(step, place.pointer);
  if (step === undefined || text === undefined || range === undefined || text.length >= GIANT)
    return concealed(place, []);
  const masked = textAt(maskedStep(step), place.pointer) ?? '';
  if (masked === text) return place;
  const start = placeInMasked(text, masked, place.quote, range.start);
  if (start === undefined) {
    const { range: _, ...rest } = place;
    return { ...rest, quote: CONCEALED, excerpt: excerptAt(masked, Math.min(range.start, masked.length)).excerpt };
  }
  return {
    ...place,
    range: { start, end: start + place.quote.length },
    excerpt: excerptAt(masked, start).excerpt,
  };
}

/** A place without its exact range, which would be one in the text as it really is. */
function concealed({ range: _, ...place }: OriginPlace, secrets: readonly Secret[]): OriginPlace {
  const known = secrets.filter(({ text }) => text.length > 0);
  const excerpt = withoutSecrets(maskText(place.excerpt), known);
  const quote = withoutSecrets(maskText(place.quote), known);
  return { ...place, excerpt, quote: quote === '' || excerpt.includes(quote) ? quote : CONCEALED };
}

/** Where a quote from place `start` of a text stands in that text with masks; undefined when it is masked itself. */
function placeInMasked(text: string, masked: string, quote: string, start: number): number | undefined {
  const shifted = maskText(text.slice(0, start)).length;
  if (masked.startsWith(quote, shifted)) return shifted;
  const fromEnd = masked.length - maskText(text.slice(start)).length;
  return masked.startsWith(quote, fromEnd) ? fromEnd : undefined;
}

function textAt(step: Step, pointer: string): string | undefined {
  const value = resolvePointer(step, pointer);
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}
