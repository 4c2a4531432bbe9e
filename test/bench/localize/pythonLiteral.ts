import { type Json, tryParse } from '../../../src/core/util/json.ts';

/**
 * The value of a Python literal as `repr` prints dictionaries, lists, texts, numbers, True, False and None; undefined
 * for anything else. Texts are written anew as JSON, all else differs only by three words.
 */
export function pythonLiteral(text: string): Json | undefined {
  const json = text.replace(
    /'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|\b(True|False|None)\b/g,
    (_all, single: string | undefined, double: string | undefined, word: string | undefined) => {
      if (word !== undefined) return word === 'None' ? 'null' : word.toLowerCase();
      return JSON.stringify(unescaped(single ?? double ?? ''));
    },
  );
  return tryParse(json);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[\s\S])/gi, (_all, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
}
