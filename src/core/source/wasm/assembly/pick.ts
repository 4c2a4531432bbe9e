// Picks the columns of a record out of its bytes: checks all of its JSON, and writes the cells as the members of one JSON
// object. The plan (../cellPlan.ts) says what is asked for; its addresses are relative to its own start.

import {
  BACKSLASH,
  blanks,
  byteAt,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  colon,
  forgetEscapes,
  isDigit,
  isUtf8,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  sawEscape,
  setLimit,
  text,
  value,
} from './json';
import { copy, copyEnd, copyStart, full, hasRoom, put, unwrite, written } from './output';

const TEXT: i32 = 0;
const NUMBER: i32 = 1;
const FLAG: i32 = 2;
const ANY: i32 = 3;

const KEEP_END: i32 = 1;
const LISTS_EMPTY: i32 = 2;
const LIST: i32 = 4;
const ALIGNED: i32 = 8;

/** What becomes of a value in a column: nothing, the cell itself, or the value whole, for JavaScript to make the cell. */
const ABSENT: i32 = 0;
const CELL: i32 = 1;
const RAW: i32 = 2;

/** Found values: next, start, end; 16 bytes each. */
const ENTRIES: usize = 128 * 1024;
const MAX_ENTRIES: i32 = 16_000;
/** First and last entry of each column, and how many; 16 bytes each. */
const CHAINS: usize = 120 * 1024;
/** Columns that JavaScript has to finish: record and column; 8 bytes each. */
const LEFT: usize = 80 * 1024;
const MAX_LEFT: i32 = 4096;

let plan: usize = 0;
let entries: i32 = 0;
let left: i32 = 0;
let records: i32 = 0;

/** Starts a batch. */
export function beginBatch(): void {
  left = 0;
  records = 0;
}

/** How many columns JavaScript has to finish. */
export function leftOver(): i32 {
  return left;
}

/**
 * Writes the cells of the record at `[from, to)`. Answers false, and writes nothing, when it is no strict JSON or has
 * something that is easier told from its value: then it has to be parsed.
 */
export function pick(at: usize, from: usize, to: usize): bool {
  plan = at;
  entries = 0;
  setLimit(to);
  const slots = load<i32>(plan);
  memory.fill(CHAINS, 0, load<i32>(plan, 8) << 4);
  const start = blanks(from);
  const end = start < to ? walk(start, load<i32>(plan, 4)) : 0;
  if (end === 0 || end > to || blanks(end) !== to || !isUtf8(from, to)) return false;
  hasRoom();
  const before = written();
  const leftBefore = left;
  if (records > 0) put(COMMA);
  put(OPEN_BRACE);
  const first = written();
  let clear = true;
  for (let slot = 0; slot < slots && clear; slot++) {
    if (load<i32>(CHAINS + (slot << 4), 8) === 0) continue;
    const asked = isAsked(plan + 16 + (slot << 5));
    if (asked === YES) emit(slot, first);
    else if (asked === UNCLEAR) clear = false;
  }
  put(CLOSE_BRACE);
  if (!clear || full || left > MAX_LEFT - 256) {
    unwrite(before);
    left = leftBefore;
    return false;
  }
  records++;
  return true;
}

/** A value of which something is asked; node 0 asks for nothing. */
function walk(at: usize, node: i32): usize {
  const here = plan + node;
  const first = byteAt(at);
  let end: usize = 0;
  if (first === OPEN_BRACE) end = load<i32>(here, 8) !== 0 ? walkObject(at, here) : value(at);
  else if (first === OPEN_BRACKET) {
    end = load<i32>(here, 12) !== 0 || load<i32>(here, 20) !== 0 ? walkList(at, here) : value(at);
  } else end = value(at);
  if (end === 0) return 0;
  const count = load<i32>(here);
  let slot = plan + load<i32>(here, 4);
  for (let i = 0; i < count; i++, slot += 4) if (!add(load<i32>(slot), at, end)) return 0;
  return end;
}

function walkObject(at: usize, node: usize): usize {
  const names = plan + load<i32>(node, 8);
  let seen: u64 = 0;
  let p = blanks(at + 1);
  if (byteAt(p) === CLOSE_BRACE) return p + 1;
  while (byteAt(p) === QUOTE) {
    const name = p + 1;
    forgetEscapes();
    p = text(name);
    if (p === 0 || sawEscape) return 0;
    const member = find(names, name, p - 1);
    p = colon(p);
    if (p === 0) return 0;
    if (member === 0) p = value(p);
    else {
      // Of two members of one name the last one counts.
      const bit = (<u64>1) << load<i32>(member, 12);
      if ((seen & bit) !== 0) return 0;
      seen |= bit;
      p = walk(p, load<i32>(member, 16));
    }
    if (p === 0) return 0;
    p = blanks(p);
    if (byteAt(p) === CLOSE_BRACE) return p + 1;
    if (byteAt(p) !== COMMA) return 0;
    p = blanks(p + 1);
  }
  return 0;
}

function walkList(at: usize, node: usize): usize {
  const positions = load<i32>(node, 12);
  const others = load<i32>(node, 20);
  const aligned = load<i32>(node, 24);
  const alignedSlots = plan + load<i32>(node, 28);
  for (let i = 0; i < aligned; i++) {
    const chain = CHAINS + (load<i32>(alignedSlots + (i << 2)) << 4);
    store<i32>(chain, load<i32>(chain, 8) | TOUCHED, 8);
  }
  let p = blanks(at + 1);
  if (byteAt(p) === CLOSE_BRACKET) return p + 1;
  for (let index = 0; p !== 0; index++) {
    const child = index < positions ? load<i32>(plan + load<i32>(node, 16) + (index << 2)) : others;
    p = child === 0 ? value(p) : walk(p, child);
    if (p === 0) return 0;
    for (let i = 0; i < aligned; i++) {
      const slot = load<i32>(alignedSlots + (i << 2));
      const count = load<i32>(CHAINS + (slot << 4), 8) & ~TOUCHED;
      if (count <= index && !add(slot, 0, 0)) return 0;
    }
    p = blanks(p);
    if (byteAt(p) === CLOSE_BRACKET) return p + 1;
    if (byteAt(p) !== COMMA) return 0;
    p = blanks(p + 1);
  }
  return 0;
}

/** Set in a column's count when its list is there, though it may be empty. */
const TOUCHED: i32 = 0x40000000;

/** The record of a name in one of the plan's tables; 0 when nobody asks for it. */
function find(table: usize, name: usize, end: usize): usize {
  const length = <i32>(end - name);
  if (length === 0) return 0;
  const bucket = (length + byteAt(name) * 3 + byteAt(end - 1) * 5) & 63;
  let member = load<i32>(table + (bucket << 2));
  while (member !== 0) {
    const here = plan + member;
    if (load<i32>(here, 4) === length && same(plan + load<i32>(here, 8), name, length)) return here;
    member = load<i32>(here);
  }
  return 0;
}

/** Whether `length` bytes are the same; those of the plan are padded. */
function same(mine: usize, other: usize, length: i32): bool {
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(mine + i), v128.load(other + i))) !== 0xffff) return false;
  }
  const rest = (1 << (length - i)) - 1;
  return (i8x16.bitmask(i8x16.eq(v128.load(mine + i), v128.load(other + i))) & rest) === rest;
}

function add(slot: i32, start: usize, end: usize): bool {
  if (entries === MAX_ENTRIES) return false;
  const entry = ENTRIES + ((<usize>entries) << 4);
  entries++;
  store<i32>(entry, 0);
  store<i32>(entry, <i32>start, 4);
  store<i32>(entry, <i32>end, 8);
  const chain = CHAINS + (slot << 4);
  const last = load<i32>(chain, 4);
  if (last === 0) store<i32>(chain, <i32>entry);
  else store<i32>(last, <i32>entry);
  store<i32>(chain, <i32>entry, 4);
  store<i32>(chain, load<i32>(chain, 8) + 1, 8);
  return true;
}

const NO: i32 = 0;
const YES: i32 = 1;
const UNCLEAR: i32 = 2;

/** Whether the text on which a column depends is none of those that forbid it. */
function isAsked(column: usize): i32 {
  const slot = load<i32>(column, 20);
  const entry = slot === 0 ? 0 : load<i32>(CHAINS + (slot << 4));
  if (entry === 0) return YES;
  const from = <usize>load<i32>(entry, 4);
  const length = load<i32>(entry, 8) - <i32>from - 2;
  if (byteAt(from) !== QUOTE) return YES;
  for (let i = 0; i < length; i++) if (byteAt(from + 1 + i) === BACKSLASH) return UNCLEAR;
  const count = load<i32>(column, 24);
  let text = plan + load<i32>(column, 28);
  for (let i = 0; i < count; i++, text += 8) {
    if (load<i32>(text) === length && same(plan + load<i32>(text, 4), from + 1, length)) return NO;
  }
  return YES;
}

/** Writes one column's member, unless it has no cell. */
function emit(slot: i32, first: usize): void {
  const column = plan + 16 + (slot << 5);
  const flags = load<i32>(column, 16);
  const before = written();
  if (before !== first) put(COMMA);
  const name = plan + load<i32>(column);
  copy(name, name + load<i32>(column, 4));
  const head = load<i32>(CHAINS + (slot << 4));
  let raw = false;
  for (let entry = head; entry !== 0; entry = load<i32>(entry)) {
    const what = cellOf(column, entry);
    if (what === RAW) {
      raw = true;
      break;
    }
    if (what === ABSENT && (flags & LIST) === 0) {
      unwrite(before);
      return;
    }
  }
  if (raw) {
    store<i32>(LEFT + (left << 3), records);
    store<i32>(LEFT + (left << 3), slot, 4);
    left++;
  }
  if ((flags & LIST) === 0) {
    if (raw) copy(load<i32>(head, 4), load<i32>(head, 8));
    else writeCell(column, head);
    return;
  }
  put(OPEN_BRACKET);
  let some = false;
  for (let entry = head; entry !== 0; entry = load<i32>(entry)) {
    const is = load<i32>(entry, 4) !== 0 && (raw || cellOf(column, entry) === CELL);
    if (!is && (flags & ALIGNED) === 0) continue;
    if (some) put(COMMA);
    some = true;
    if (!is) putNull();
    else if (raw) copy(load<i32>(entry, 4), load<i32>(entry, 8));
    else writeCell(column, entry);
  }
  put(CLOSE_BRACKET);
}

function putNull(): void {
  put(0x6e);
  put(0x75);
  put(0x6c);
  put(0x6c);
}

function cellOf(column: usize, entry: usize): i32 {
  const kind = load<i32>(column, 8);
  const start = <usize>load<i32>(entry, 4);
  const end = <usize>load<i32>(entry, 8);
  if (start === 0) return ABSENT;
  const first = byteAt(start);
  const isText = first === QUOTE;
  const isWord = first === 0x74 || first === 0x66;
  if (kind === ANY) return CELL;
  if (kind === FLAG) return isWord ? CELL : ABSENT;
  if (kind === TEXT) {
    if (isText || isWord) return CELL;
    if (first === 0x6e) return ABSENT;
    if (first === OPEN_BRACKET && (load<i32>(column, 16) & LISTS_EMPTY) !== 0) return CELL;
    return isInteger(start, end) ? CELL : RAW;
  }
  if (isText) return isInteger(start + 1, end - 1) ? CELL : RAW;
  if (first !== 0x2d && !isDigit(first)) return ABSENT;
  return isFiniteNumber(start, end) ? CELL : RAW;
}

/** At most 15 digits as JavaScript writes an integer. */
function isInteger(from: usize, to: usize): bool {
  const digits = byteAt(from) === 0x2d ? from + 1 : from;
  const count = <isize>(to - digits);
  if (count < 1 || count > 15) return false;
  if (byteAt(digits) === 0x30) return count === 1 && digits === from;
  for (let p = digits; p < to; p++) if (!isDigit(byteAt(p))) return false;
  return true;
}

/** Whether a number is certainly none that overflows. */
function isFiniteNumber(from: usize, to: usize): bool {
  if (to - from > 300) return false;
  for (let p = from; p < to; p++) if ((byteAt(p) | 0x20) === 0x65) return false;
  return true;
}

function writeCell(column: usize, entry: usize): void {
  const kind = load<i32>(column, 8);
  const start = <usize>load<i32>(entry, 4);
  const end = <usize>load<i32>(entry, 8);
  const isText = byteAt(start) === QUOTE;
  if (kind === TEXT) {
    put(QUOTE);
    const max = load<i32>(column, 12);
    if (!isText) {
      if (byteAt(start) !== OPEN_BRACKET) writeCut(column, start, end, max);
    } else writeCut(column, start + 1, end - 1, max);
    put(QUOTE);
  } else if (isText && kind === NUMBER) copy(start + 1, end - 1);
  else copy(start, end);
}

function writeCut(column: usize, from: usize, to: usize, max: i32): void {
  if ((load<i32>(column, 16) & KEEP_END) !== 0) copyEnd(from, to, max);
  else copyStart(from, to, max);
}
