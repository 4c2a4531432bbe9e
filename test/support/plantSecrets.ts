import type { Json } from '../../src/core/util/json.ts';
import type { MadeSecret } from './secretsMade.ts';

/** Where a secret may stand in a text of a trace. Each answers the value with it; `around` is a text of a real trace. */
export const POSITIONS: Readonly<Record<string, (secret: MadeSecret, around: string) => Json>> = {
  'JSON value': ({ name, text }, around) => ({ note: around, settings: { [name]: text } }),
  'key=value': ({ name, text }, around) => `${half(around, 0)}\nexport ${name}=${text}\n${half(around, 1)}`,
  header: ({ name, text, named }, around) =>
    `${around}\nGET / HTTP/1.1\nHost: api.internal\n${named === true || /^[A-Z]/.test(name) ? name : `X-${name}`}: ${text}\n\n`,
  'URL query': ({ name, text }, around) =>
    `${half(around, 0)} https://api.internal/v1/items?page=2&${name}=${encodeURIComponent(text)}&sort=asc ${half(around, 1)}`,
  prose: ({ name, text, named }, around) =>
    `${half(around, 0)} ${named === true ? `By the way, the ${name} is ${text} for now.` : `Use ${text} for it.`} ${half(around, 1)}`,
  code: ({ name, text }, around) =>
    `${around}\nconst options = {\n  retries: 3,\n  ${/^\w+$/.test(name) ? name : `'${name}'`}: '${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}',\n};\n`,
  'JSON in a string': ({ name, text }, around) => ({ output: JSON.stringify({ log: around, [name]: text, ok: true }) }),
  'JSON in JSON in a string': ({ name, text }, around) => ({
    content: JSON.stringify({ body: JSON.stringify({ [name]: text }), log: around }),
  }),
  'line of a log': ({ name, text }, around) => ({
    stdout: JSON.stringify(`${half(around, 0)}\n${name}: ${text}\n${half(around, 1)}`),
  }),
};

/** Positions that a secret does not come to stand in: cookies in a query, a key of many lines in a line. */
export function standsIn({ whole, text }: MadeSecret, position: string): boolean {
  if (text.includes('\n')) return !['header', 'URL query', 'key=value'].includes(position);
  return whole !== true || !['URL query', 'prose'].includes(position);
}

function half(text: string, which: 0 | 1): string {
  const middle = Math.floor(text.length / 2);
  return which === 0 ? text.slice(0, middle) : text.slice(middle);
}
