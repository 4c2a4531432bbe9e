import { excerptAt } from '../trace/find.ts';
import type { Run, Step } from '../trace/model.ts';
import { type StepString, stringsOf } from '../trace/stepText.ts';
import type { Json } from '../util/json.ts';
import { leavesOf, resolvePointer } from '../util/pointer.ts';
import { CLOSENESS } from './findWords.ts';
import { JsonPlaces } from './jsonPlace.ts';
import type { OriginPlace } from './origin.ts';
import { findAsClosely, type Sought } from './sought.ts';
import type { IndexedText } from './textPlaces.ts';

/** Characters that are looked through for the exact places of one step's values; a text counts as 50 more. */
const MOST_LOOKED = 50_000_000;

/** The exact places of what an index knows to stand in a text. Each step is read once, and all is looked at for so long. */
export class Places {
  private readonly steps = new Map<number, Promise<Step>>();
  private readonly strings = new Map<string, readonly StepString[]>();
  private looked = 0;

  constructor(
    private readonly run: Run,
    private readonly read: (step: number) => Promise<Step>,
  ) {}

  /** Where it stands in the text; undefined when it is not found there. */
  async find(text: IndexedText, sought: Sought): Promise<OriginPlace | undefined> {
    const strings = await this.under(text);
    for (const closeness of CLOSENESS) {
      for (const { pointer, text: words } of strings) {
        this.looked += words.length + 50;
        if (this.looked > MOST_LOOKED) return undefined;
        const range = findAsClosely(words, sought, closeness);
        if (range !== undefined) return placeOf({ step: text.step, pointer, role: text.role }, words, range);
      }
    }
    return undefined;
  }

  /** The text itself, for a value that stands somewhere in it. */
  async whole(text: IndexedText): Promise<OriginPlace> {
    const [first] = await this.under(text);
    const { step, role } = text;
    return {
      step,
      pointer: first?.pointer ?? text.pointer,
      role,
      quote: '',
      excerpt: first === undefined ? '' : excerptAt(first.text, 0).excerpt,
    };
  }

  private async under({ step, pointer }: IndexedText): Promise<readonly StepString[]> {
    const key = `${step} ${pointer}`;
    const known = this.strings.get(key);
    if (known !== undefined) return known;
    const strings = step < 0 ? leavesUnder(this.run, pointer) : stringsUnder(await this.stepAt(step), pointer);
    this.strings.set(key, strings);
    return strings;
  }

  private stepAt(step: number): Promise<Step> {
    const known = this.steps.get(step);
    if (known !== undefined) return known;
    const reading = this.read(step);
    this.steps.set(step, reading);
    return reading;
  }
}

/** The place of a range of a text. Who asks for many of one text gives its `json`. */
export function placeOf(
  at: Pick<OriginPlace, 'step' | 'pointer' | 'role'>,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  json = new JsonPlaces(text),
): OriginPlace {
  const within = json.at(start);
  return {
    ...at,
    quote: text.slice(start, end),
    range: { start, end },
    ...(within !== undefined && { within }),
    excerpt: excerptAt(text, start).excerpt,
  };
}

function stringsUnder(step: Step, above: string): StepString[] {
  const strings = [...stringsOf(step)].filter(({ pointer }) => isUnder(pointer, above));
  // What find doesn't look through: states, and what was said with an approval.
  return strings.length > 0 ? strings : leavesUnder(step, above);
}

/** True for a JSON pointer at or below another. */
export function isUnder(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`);
}

function leavesUnder(value: unknown, above: string): StepString[] {
  const node: Json | undefined = resolvePointer(value, above);
  if (node === undefined) return [];
  return [...leavesOf(node, above)].map((leaf) => ({
    pointer: leaf.pointer,
    text: typeof leaf.value === 'string' ? leaf.value : JSON.stringify(leaf.value),
  }));
}
