import { err, ok, type Result } from '../core/util/result.ts';
import type { Arguments } from './command.ts';

/** An option that takes a number from 1 to 10,000. */
export function wholeNumber(args: Arguments, name: string, otherwise: number): Result<number> {
  const text = args.text(name);
  if (text === undefined) return ok(otherwise);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 10_000) return ok(value);
  return err(`--${name} takes a whole number from 1 to 10,000, and "${text}" is none.`);
}
