import type { Action } from '../trace/model.ts';
import { asText, field, isObject, type Json } from '../util/json.ts';
import { effectOfName, effectOfWord } from './effectNames.ts';
import { effectOfShell } from './effectShell.ts';
import { effectOfSql } from './effectSql.ts';
import type { Classified, Effect } from './effects.ts';
import { shellCommandOf } from './shared/shell.ts';
import { bareToolName, wordsOfName } from './shared/toolNames.ts';

/** What the arguments say of an action's effect: a shell line, SQL, an HTTP method, a sub-command, a payment. */
export function effectOfArguments(action: Action): Classified | undefined {
  const shell = shellCommandOf(action);
  if (shell !== undefined) return effectOfShell(shell);
  return sqlEffect(action) ?? httpEffect(action) ?? subCommandEffect(action) ?? paymentEffect(action);
}

const SQL_TOOL = /^(?:sql|db|database|postgres(?:ql)?|mysql|sqlite|mariadb|bigquery|snowflake|duckdb|statement)$/;

/** SQL under `sql` or `statement`, or under any key of a tool whose name says database. Never a search's words. */
function sqlEffect(action: Action): Classified | undefined {
  const named = wordsOfName(action.tool).some((word) => SQL_TOOL.test(word));
  for (const key of ['sql', 'statement', 'query', 'command']) {
    const text = asText(field(action.arguments, key));
    if (text === undefined || !(named || key === 'sql' || key === 'statement')) continue;
    const found = effectOfSql(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

const METHODS: Readonly<Record<string, Effect>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  POST: 'write',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'irreversible',
};

/** An HTTP call: a method with an address. A POST to `…/cancel` is what its last word says. */
function httpEffect(action: Action): Classified | undefined {
  const given = ['method', 'http_method', 'httpMethod', 'verb'].map((key) => asText(field(action.arguments, key)));
  const method = given.find((text) => text !== undefined)?.toUpperCase();
  const address = ['url', 'uri', 'endpoint', 'path'].map((key) => asText(field(action.arguments, key))).find(Boolean);
  if (method === undefined || address === undefined || !Object.hasOwn(METHODS, method)) return undefined;
  const effect = METHODS[method] ?? 'unknown';
  if (method === 'POST') {
    const last = address.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
    const named = effectOfName(last);
    if (named.effect === 'irreversible') return { ...named, because: `it posts to ".../${last}"` };
  }
  return { effect, because: `it is an HTTP ${method}` };
}

/** One tool with many verbs: `{command: "view", path}`, `{action: "delete", id}`. */
function subCommandEffect(action: Action): Classified | undefined {
  for (const key of ['command', 'action', 'operation', 'op', 'mode']) {
    const text = asText(field(action.arguments, key));
    if (text === undefined || text.length > 40) continue;
    const words = wordsOfName(text);
    const effect = words.map(effectOfWord).find((found) => found !== undefined);
    if (effect !== undefined && /^[\w-]+$/.test(text)) return { effect, because: `its "${key}" is "${text}"` };
  }
  return undefined;
}

const PAYMENT_KEY = /(?:^|_)(?:payment|payments|credit_card|card_number|iban)(?:_|$)/;

/** A changing call that carries a way to pay spends money, whatever its verb: `book_flight({payment_id})`. */
function paymentEffect(action: Action): Classified | undefined {
  const named = effectOfName(bareToolName(action.tool));
  if (named.effect !== 'write') return undefined;
  const key = Object.keys(action.arguments).find(
    (name) => PAYMENT_KEY.test(wordsOfName(name).join('_')) && filled(action.arguments[name]),
  );
  if (key === undefined) return undefined;
  return { effect: 'irreversible', because: `${named.because} and it pays by "${key}"`, spends: true };
}

function filled(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '';
}
