import type { AttributePlan, TextEnds, TrimPlan } from './trimPlan.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Stands for a value that nothing is asked of. */
const ZERO = 0x30;

/** Records nested deeper than this are left to the parser, which does not recurse. */
const MAX_DEPTH = 200;
/** The longest escape of one UTF-16 unit, `\uXXXX`, in bytes. */
const ESCAPE = 6;
/** How far back from a cut a stretch without a backslash is looked for, in bytes. */
const LOOK_BACK = 512;

const FAILED = -1;

/**
 * Copies what a plan asks of a JSON record, so that only that is decoded and parsed: members and attributes that no
 * column asks for are left out, and of long strings only the ends are kept that columns show. The columns of the copy are
 * those of the record. Meanwhile every byte is checked: a record with anything that a strict parser would not take is
 * refused, and then the parser has the word.
 */
export class RecordTrimmer {
  private bytes: Uint8Array = new Uint8Array(0);
  /** The memory of `bytes` by words of four, and how many bytes of it stand before them. */
  private words: Int32Array = new Int32Array(0);
  private wordOffset = 0;
  private out: Uint8Array = this.bytes;
  private filled = 0;
  private depth = 0;

  /** Writes the copy to `out` at `offset`; answers where it ends there (never more than the record's length), or -1. */
  trim(bytes: Uint8Array, plan: TrimPlan, out: Uint8Array, offset: number): number {
    this.bytes = bytes;
    if (this.words.buffer !== bytes.buffer) this.words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
    this.wordOffset = bytes.byteOffset;
    this.out = out;
    this.filled = offset;
    this.depth = 0;
    const end = this.value(this.blank(0), plan);
    return end !== FAILED && this.blank(end) === bytes.length ? this.filled : FAILED;
  }

  /** Each of these takes the position of something and answers where it ends, or -1. Without a plan nothing is copied. */
  private value(start: number, plan: TrimPlan | undefined): number {
    const byte = this.bytes[start];
    if (byte === QUOTE) return this.string(start, plan);
    if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return this.scalar(start, plan !== undefined);
    if (plan === undefined) return this.nested(start, byte, undefined);
    const isList = byte === OPEN_BRACKET;
    const asText = plan.text !== undefined && !(isList && plan.lists === 'elements');
    if (plan.whole || asText || (plan.attributes !== undefined && !isList)) return this.verbatim(start);
    return this.nested(start, byte, plan);
  }

  private nested(start: number, byte: number, plan: TrimPlan | undefined): number {
    if (++this.depth > MAX_DEPTH) return FAILED;
    const { filled } = this;
    let end = FAILED;
    if (byte === OPEN_BRACE) end = this.object(start, plan);
    else if (plan?.attributes === undefined) end = this.list(start, plan);
    else {
      end = this.attributes(start, plan.attributes);
      if (end === FAILED) {
        this.filled = filled;
        end = this.verbatim(start);
      }
    }
    this.depth--;
    return end;
  }

  private verbatim(start: number): number {
    const end = this.value(start, undefined);
    if (end !== FAILED) this.copy(start, end);
    return end;
  }

  private object(start: number, plan: TrimPlan | undefined): number {
    const { bytes } = this;
    if (plan !== undefined) this.write(OPEN_BRACE);
    let copied = 0;
    let i = this.blank(start + 1);
    if (bytes[i] === CLOSE_BRACE) return this.close(i, CLOSE_BRACE, plan);
    for (;;) {
      if (bytes[i] !== QUOTE) return FAILED;
      const nameEnd = this.text(i + 1);
      if (nameEnd === FAILED) return FAILED;
      const colon = this.blank(nameEnd);
      if (bytes[colon] !== COLON) return FAILED;
      const member = plan === undefined ? undefined : this.memberOf(plan, i + 1, nameEnd - 1);
      if (member === 'unclear') return FAILED;
      if (member !== undefined) {
        if (copied++ > 0) this.write(COMMA);
        this.copy(i, nameEnd);
        this.write(COLON);
      }
      const end = this.value(this.blank(colon + 1), member);
      if (end === FAILED) return FAILED;
      i = this.blank(end);
      if (bytes[i] === CLOSE_BRACE) return this.close(i, CLOSE_BRACE, plan);
      if (bytes[i] !== COMMA) return FAILED;
      i = this.blank(i + 1);
    }
  }

  private list(start: number, plan: TrimPlan | undefined): number {
    const { bytes } = this;
    if (plan !== undefined) this.write(OPEN_BRACKET);
    let i = this.blank(start + 1);
    if (bytes[i] === CLOSE_BRACKET) return this.close(i, CLOSE_BRACKET, plan);
    for (let position = 0; ; position++) {
      const element = plan === undefined ? undefined : (plan.positions[position] ?? plan.others);
      const wanted = plan !== undefined && (element !== undefined || position < plan.positions.length);
      if (wanted && position > 0) this.write(COMMA);
      if (wanted && element === undefined) this.write(ZERO);
      const end = this.value(i, element);
      if (end === FAILED) return FAILED;
      i = this.blank(end);
      if (bytes[i] === CLOSE_BRACKET) return this.close(i, CLOSE_BRACKET, plan);
      if (bytes[i] !== COMMA) return FAILED;
      i = this.blank(i + 1);
    }
  }

  /** A list of `{"key": …, "value": …}`; fails on any other manner of writing it. */
  private attributes(start: number, plan: AttributePlan): number {
    const { bytes } = this;
    this.write(OPEN_BRACKET);
    let copied = 0;
    let i = this.blank(start + 1);
    if (bytes[i] === CLOSE_BRACKET) return this.close(i, CLOSE_BRACKET, undefined, true);
    for (;;) {
      const { filled } = this;
      if (copied > 0) this.write(COMMA);
      const kept = this.filled;
      const end = this.attribute(i, plan);
      if (end === FAILED) return FAILED;
      if (this.filled === kept) this.filled = filled;
      else copied++;
      i = this.blank(end);
      if (bytes[i] === CLOSE_BRACKET) return this.close(i, CLOSE_BRACKET, undefined, true);
      if (bytes[i] !== COMMA) return FAILED;
      i = this.blank(i + 1);
    }
  }

  private attribute(start: number, plan: AttributePlan): number {
    const { bytes } = this;
    if (bytes[start] !== OPEN_BRACE) return FAILED;
    const keyName = this.blank(start + 1);
    if (!this.isName(keyName, KEY)) return FAILED;
    const key = this.colonAfter(keyName + KEY.length);
    if (key === FAILED || bytes[key] !== QUOTE) return FAILED;
    const keyEnd = this.text(key + 1);
    if (keyEnd === FAILED) return FAILED;
    const comma = this.blank(keyEnd);
    const valueName = bytes[comma] === COMMA ? this.blank(comma + 1) : FAILED;
    if (valueName === FAILED || !this.isName(valueName, VALUE)) return FAILED;
    const value = this.colonAfter(valueName + VALUE.length);
    if (value === FAILED) return FAILED;
    const wish = this.wishFor(plan, key + 1, keyEnd - 1);
    if (wish === 'unclear') return FAILED;
    if (wish !== undefined) {
      this.copy(start, start + 1);
      this.copy(keyName, keyEnd);
      this.write(COMMA);
      this.copy(valueName, valueName + VALUE.length);
      this.write(COLON);
    }
    const end = wish === undefined ? this.value(value, undefined) : this.anyValue(value, wish);
    if (end === FAILED) return FAILED;
    const close = this.blank(end);
    if (bytes[close] !== CLOSE_BRACE) return FAILED;
    if (wish !== undefined) this.write(CLOSE_BRACE);
    return close + 1;
  }

  /** An OTLP `AnyValue`, cut where it is nothing but a string. */
  private anyValue(start: number, wish: TextEnds | 'whole'): number {
    const { bytes } = this;
    const name = bytes[start] === OPEN_BRACE ? this.blank(start + 1) : start;
    if (wish === 'whole' || !this.isName(name, STRING_VALUE)) return this.verbatim(start);
    const text = this.colonAfter(name + STRING_VALUE.length);
    if (text === FAILED || bytes[text] !== QUOTE) return this.verbatim(start);
    const textEnd = this.text(text + 1);
    const close = textEnd === FAILED ? FAILED : this.blank(textEnd);
    if (close === FAILED || bytes[close] !== CLOSE_BRACE) return this.verbatim(start);
    this.write(OPEN_BRACE);
    this.copy(name, name + STRING_VALUE.length);
    this.write(COLON);
    this.copyText(text, textEnd, wish);
    this.write(CLOSE_BRACE);
    return close + 1;
  }

  private wishFor(
    { byKey, prefixes }: AttributePlan,
    start: number,
    end: number,
  ): TextEnds | 'whole' | 'unclear' | undefined {
    const key = this.asciiText(start, end);
    if (key === undefined) return 'unclear';
    return byKey.get(key) ?? (prefixes.some((prefix) => key.startsWith(prefix)) ? 'whole' : undefined);
  }

  /** A plain name as text; undefined when it holds anything that would have to be decoded. */
  private asciiText(start: number, end: number): string | undefined {
    const { bytes } = this;
    let text = '';
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte === BACKSLASH || byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  private memberOf(plan: TrimPlan, start: number, end: number): TrimPlan | 'unclear' | undefined {
    const { bytes } = this;
    for (const { name, plan: member } of plan.members.get(end - start) ?? []) {
      let i = 0;
      while (i < name.length && name[i] === bytes[start + i]) i++;
      if (i === name.length) return member;
    }
    for (let i = start; i < end; i++) if (bytes[i] === BACKSLASH) return 'unclear';
    return undefined;
  }

  private string(start: number, plan: TrimPlan | undefined): number {
    const end = this.text(start + 1);
    if (end === FAILED || plan === undefined) return end;
    if (plan.whole) this.copy(start, end);
    else if (plan.text !== undefined) this.copyText(start, end, plan.text);
    else this.write(ZERO);
    return end;
  }

  /** Copies a string from quote to quote, or its ends. */
  private copyText(start: number, end: number, { head, tail }: TextEnds): void {
    const [from, to] = [start + 1, end - 1];
    const headEnd = to - from <= head + tail * 2 ? to : this.afterUnits(from, to, head);
    const tailStart = headEnd >= to || tail === 0 ? to : this.beforeUnits(headEnd, to, tail);
    if (headEnd >= to || tailStart <= headEnd) {
      this.copy(start, end);
      return;
    }
    this.copy(start, headEnd);
    this.copy(tailStart, end);
  }

  /** Where the first `units` UTF-16 units of a checked text end. */
  private afterUnits(from: number, to: number, units: number): number {
    const { bytes } = this;
    let i = from;
    for (let left = units; left > 0 && i < to; left--) {
      const byte = bytes[i] as number;
      if (byte === BACKSLASH) i += bytes[i + 1] === 0x75 ? ESCAPE : 2;
      else if (byte < 0x80) i++;
      else if (byte < 0xe0) i += 2;
      else if (byte < 0xf0) i += 3;
      else {
        i += 4;
        left--;
      }
    }
    return i;
  }

  /** A place before the last `units` UTF-16 units of a checked text, and not long before them. */
  private beforeUnits(from: number, to: number, units: number): number {
    // Most text is plain; only where it is not must more bytes be kept for as many units.
    for (const width of [1.1, 1.5, 3, ESCAPE]) {
      const place = this.boundaryBefore(to - Math.ceil(units * width), from);
      if (place <= from || width === ESCAPE || this.unitsIn(place, to) >= units) return place;
    }
    return from;
  }

  private unitsIn(from: number, to: number): number {
    const { bytes } = this;
    let units = 0;
    for (let i = from; i < to; units++) {
      const byte = bytes[i] as number;
      if (byte >= 0xf0) units++;
      i +=
        byte === BACKSLASH
          ? bytes[i + 1] === 0x75
            ? ESCAPE
            : 2
          : byte < 0x80
            ? 1
            : byte < 0xe0
              ? 2
              : byte < 0xf0
                ? 3
                : 4;
    }
    return units;
  }

  /** A place at or somewhat before `wanted` at which no character and no escape is cut; `least` when there is none near. */
  private boundaryBefore(wanted: number, least: number): number {
    const { bytes } = this;
    let clear = 0;
    for (let i = wanted; i > Math.max(least, wanted - LOOK_BACK); i--) {
      // Without a backslash in the bytes before it, no escape can reach over a place.
      clear = bytes[i - 1] === BACKSLASH ? 0 : clear + 1;
      if (clear < ESCAPE) continue;
      let place = i + ESCAPE - 1;
      while (place > i && ((bytes[place] as number) & 0xc0) === 0x80) place--;
      return place;
    }
    return least;
  }

  /** The end (past the quote) of the string whose content starts at `start`; every byte of it is checked. */
  private text(start: number): number {
    const { bytes, words, wordOffset } = this;
    const size = bytes.length;
    let i = start;
    while (i < size) {
      // Nearly all bytes of a file pass here, four at a time where they are plain.
      if (((i + wordOffset) & 3) === 0) {
        let word = (i + wordOffset) >> 2;
        const last = (size + wordOffset - 4) >> 2;
        while (word <= last && isPlain(words[word] as number)) word++;
        i = (word << 2) - wordOffset;
        if (i >= size) return FAILED;
      }
      const byte = bytes[i] as number;
      if (byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH) i++;
      else if (byte === QUOTE) return i + 1;
      else {
        const next = byte === BACKSLASH ? this.escape(i) : byte < 0x20 ? FAILED : this.sequence(i, byte);
        if (next === FAILED) return FAILED;
        i = next;
      }
    }
    return FAILED;
  }

  private escape(start: number): number {
    const { bytes } = this;
    switch (bytes[start + 1]) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return start + 2;
      case 0x75:
        for (let i = start + 2; i < start + ESCAPE; i++) if (!isHex(bytes[i] ?? 0)) return FAILED;
        return start + ESCAPE;
      default:
        return FAILED;
    }
  }

  /** A UTF-8 sequence of several bytes (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
  private sequence(start: number, lead: number): number {
    const { bytes } = this;
    const second = bytes[start + 1] ?? 0;
    if (lead < 0xc2 || lead > 0xf4 || (second & 0xc0) !== 0x80) return FAILED;
    if (lead < 0xe0) return start + 2;
    if (((bytes[start + 2] ?? 0) & 0xc0) !== 0x80) return FAILED;
    if (lead < 0xf0) {
      return (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second >= 0xa0) ? FAILED : start + 3;
    }
    if (((bytes[start + 3] ?? 0) & 0xc0) !== 0x80) return FAILED;
    return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second >= 0x90) ? FAILED : start + 4;
  }

  /** A number, `true`, `false` or `null`. */
  private scalar(start: number, wanted: boolean): number {
    const { bytes } = this;
    let end = start;
    while (end < bytes.length && isScalarByte(bytes[end] as number)) end++;
    if (end === start || end - start > 400) return FAILED;
    if (!isSmallInteger(bytes, start, end) && !SCALAR.test(this.asciiText(start, end) ?? '')) return FAILED;
    if (wanted) this.copy(start, end);
    return end;
  }

  private isName(at: number, name: Uint8Array): boolean {
    for (let i = 0; i < name.length; i++) if (this.bytes[at + i] !== name[i]) return false;
    return true;
  }

  /** The start of the value after the colon that must come next. */
  private colonAfter(end: number): number {
    const colon = this.blank(end);
    return this.bytes[colon] === COLON ? this.blank(colon + 1) : FAILED;
  }

  private blank(start: number): number {
    const { bytes } = this;
    let i = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    }
    return i;
  }

  private close(at: number, byte: number, plan: TrimPlan | undefined, wanted = plan !== undefined): number {
    if (wanted) this.write(byte);
    return at + 1;
  }

  private write(byte: number): void {
    this.out[this.filled++] = byte;
  }

  private copy(start: number, end: number): void {
    const { bytes, out } = this;
    if (end - start > 64) {
      out.set(bytes.subarray(start, end), this.filled);
      this.filled += end - start;
      return;
    }
    let { filled } = this;
    for (let i = start; i < end; i++) out[filled++] = bytes[i] as number;
    this.filled = filled;
  }
}

/** Whether four bytes hold no quote, no backslash, no control character and nothing beyond ASCII. */
function isPlain(word: number): boolean {
  const quote = (word ^ 0x22222222) - 0x01010101;
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return (((word - 0x20202020) | quote | backslash | word) & 0x80808080) === 0;
}

const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)$/;

const encoder = new TextEncoder();
const KEY = encoder.encode('"key"');
const VALUE = encoder.encode('"value"');
const STRING_VALUE = encoder.encode('"stringValue"');

/** What can stand in a number or a word. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x45
  );
}

function isSmallInteger(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === ZERO && end - start > 1) return false;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 0x30 || (bytes[i] as number) > 0x39) return false;
  return true;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
