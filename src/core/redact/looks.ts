/** Letters together with digits or signs within: no word of a language. */
export function looksSecret(text: string): boolean {
  return text.length >= 6 && /[A-Za-z]/.test(text) && (/\d/.test(text) || /[#$%^&*!@].*\w/.test(text));
}

/** Ids that providers give to calls, messages and answers look random and are no secret. */
const OPEN_ID = /^(?:call|toolu|srvtoolu|chatcmpl|msg|resp|run|thread|asst|req|item|fc|rs)[_-]/;

/** Mixed letters and digits with at least 4 bits of entropy a character. Digests and UUIDs (one case only) are no secrets. */
export function looksRandom(text: string): boolean {
  if (!/\d/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || OPEN_ID.test(text)) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= 4;
}

/** What stands where a secret would, in documentation and templates: `<your key>`, `${API_KEY}`, `***`. */
export function isTemplate(text: string): boolean {
  return (
    /^(?:<[^<>]*>|\$\{.*\}|\{\{.*\}\}|\$[A-Z_]+|%[A-Z_]+%|\[[\w ]*\])$/.test(text) ||
    /^(?:(?:your|my|the|some|example|dummy)[_ -]?(?:\w+[_ -]?)*|change_?me|redacted|x{3,}|string|none|null|true|false|undefined)$/i.test(
      text,
    )
  );
}
