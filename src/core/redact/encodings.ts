/** How a secret is written elsewhere: in JSON text, in JSON text within JSON text, in a URL, and as each of those means it. */
export function writingsOf(text: string): ReadonlySet<string> {
  const once = escaped(text);
  const meant = unescaped(text);
  return new Set([
    text,
    once,
    escaped(once),
    meant,
    urlEncoded(text),
    urlEncoded(text).replace(/%20/g, '+'),
    urlDecoded(text),
    unescaped(meant),
  ]);
}

/** The password in the credentials of HTTP's basic authentication (`user:password` in base64), when a text is that. */
export function basicPassword(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{6,}={0,2}$/.test(text)) return undefined;
  try {
    const [, password] = /^[\x21-\x7e]{0,200}?:([\x21-\x7e]{4,200})$/.exec(atob(text)) ?? [];
    return password;
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unescaped(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

function urlEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
