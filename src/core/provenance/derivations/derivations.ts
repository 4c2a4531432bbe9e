import { arithmetic } from './arithmetic.ts';
import { asItStands } from './asItStands.ts';
import { base64 } from './base64.ts';
import { currency } from './currency.ts';
import { dateFormat } from './dateFormat.ts';
import type { Derivation } from './derivation.ts';
import { jsonEscaped } from './jsonEscaped.ts';
import { letterCase } from './letterCase.ts';
import { nearDate } from './nearDate.ts';
import { numberFormat } from './numberFormat.ts';
import { pathJoin } from './pathJoin.ts';
import { pieces } from './pieces.ts';
import { schemaValue } from './schemaValue.ts';
import { separators } from './separators.ts';
import { substring } from './substring.ts';
import { thousands } from './thousands.ts';
import { urlEncoded } from './urlEncoded.ts';

/**
 * Every way in which an argument may come from an earlier value. The first that finds grounds, or names a spelling, is the
 * answer: those that tell most stand first.
 */
export const DERIVATIONS: readonly Derivation[] = [
  currency,
  thousands,
  numberFormat,
  dateFormat,
  asItStands,
  letterCase,
  schemaValue,
  nearDate,
  arithmetic,
  urlEncoded,
  base64,
  jsonEscaped,
  separators,
  pathJoin,
  pieces,
  substring,
];
