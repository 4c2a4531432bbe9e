/** A secret that nobody has: made up in the shape of real ones, from a seed. */
export interface MadeSecret {
  readonly kind: string;
  /** The name that a field, a variable or a sentence gives it. */
  readonly name: string;
  /** As it stands in a text. */
  readonly text: string;
  /** What must not be left of it: the text, or the part of it that is secret. */
  readonly hidden: string;
  /** True when only its name tells that it is a secret. */
  readonly named?: true;
  /** True when it stands in a text as it is: a header, a private key of many lines. */
  readonly whole?: true;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const HEX = '0123456789abcdef';
const WORD = LOWER + UPPER + DIGITS;
const BASE64 = `${WORD}+/`;

class Maker {
  constructor(readonly random: () => number) {}

  of(characters: string, length: number): string {
    return Array.from({ length }, () => characters[Math.floor(this.random() * characters.length)]).join('');
  }

  /** Random characters with at least a digit, as keys of that length have but for bad luck. */
  key(length: number, characters = WORD): string {
    return `${this.of(characters, length - 2)}${this.of(LOWER, 1)}${this.of(DIGITS, 1)}`;
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[Math.floor(this.random() * values.length)] ?? values[0];
  }

  card(prefix: string, length: number): string {
    const digits = prefix + this.of(DIGITS, length - 1 - prefix.length);
    const sum = [...digits].reverse().reduce((total, digit, i) => {
      const doubled = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return digits + ((10 - (sum % 10)) % 10);
  }

  iban(country: string, length: number): string {
    const account = this.of(DIGITS, length);
    const digits = [...`${account}${country}00`].map((c) => Number.parseInt(c, 36)).join('');
    const check = 98n - (BigInt(digits) % 97n);
    return `${country}${String(check).padStart(2, '0')}${account}`;
  }

  pem(label: string): string {
    const lines = Array.from({ length: 6 }, () => this.of(BASE64, 64)).join('\n');
    // In parts, so that nobody's scanner takes a test for a leak.
    return ['-----BEGIN', `${label}PRIVATE`, `KEY-----\n${lines}\n-----END`, `${label}PRIVATE`, 'KEY-----'].join(' ');
  }
}

type Make = (m: Maker) => Omit<MadeSecret, 'kind'>;

/** A key that speaks for itself, and is all secret. */
const own = (name: string, make: (m: Maker) => string): Make => {
  return (m) => {
    const text = make(m);
    return { name, text, hidden: text };
  };
};
/** A secret that only its name gives away. */
const named = (name: string, make: (m: Maker) => string): Make => {
  return (m) => ({ ...own(name, make)(m), named: true });
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64Url = (text: string) => Buffer.from(text).toString('base64url');
const name = (m: Maker) => `${m.of(LOWER, 3)}${m.of(LOWER, 3)}`;

/** Every kind of secret that people have been seen to leak into logs. */
const KINDS: Readonly<Record<string, Make>> = {
  'AWS access key id': own('aws_access_key_id', (m) => `AKIA${m.of(UPPER, 14)}${m.of(DIGITS, 2)}`),
  'AWS secret access key': named('AWS_SECRET_ACCESS_KEY', (m) => m.key(40, BASE64)),
  'GitHub classic': own('GITHUB_TOKEN', (m) => `ghp_${m.key(36)}`),
  'GitHub fine-grained': own('github_token', (m) => `github_pat_${m.key(22)}_${m.key(59)}`),
  GitLab: own('GITLAB_TOKEN', (m) => `glpat-${m.key(20)}`),
  Slack: own('slack_bot_token', (m) => `xoxb-${m.of(DIGITS, 12)}-${m.of(DIGITS, 12)}-${m.key(24)}`),
  'Slack webhook': (m) => {
    const hidden = `T${m.of(UPPER, 7)}4/B${m.of(UPPER, 8)}/${m.key(24)}`;
    return { name: 'webhook', text: `https://hooks.slack.com/services/${hidden}`, hidden };
  },
  Stripe: own('STRIPE_SECRET_KEY', (m) => `sk_live_${m.key(24)}`),
  'Stripe restricted': own('stripe_key', (m) => `rk_live_${m.key(32)}`),
  OpenAI: own('OPENAI_API_KEY', (m) => `sk-${m.key(48)}`),
  'OpenAI project': own('openai_key', (m) => `sk-proj-${m.key(60)}`),
  Anthropic: own('ANTHROPIC_API_KEY', (m) => `sk-ant-api03-${m.key(93)}-${m.of(WORD, 6)}AA`),
  'Google API': own('GOOGLE_API_KEY', (m) => `AIza${m.key(35)}`),
  'Google OAuth': own('google_oauth', (m) => `ya29.${m.key(60)}`),
  'Google service account': (m) => {
    const text = m.pem('');
    return { name: 'private_key', text, hidden: text.slice(40, 240), whole: true };
  },
  JWT: own(
    'id',
    (m) =>
      `${base64Url(`{"alg":"HS256","n":"${m.of(WORD, 9)}"}`)}.${base64Url(`{"sub":"${m.of(WORD, 12)}"}`)}.${m.key(43)}`,
  ),
  'RSA private key': (m) => {
    const text = m.pem('RSA ');
    return { name: 'key_file', text, hidden: text.slice(40, 240), whole: true };
  },
  npm: own('NPM_TOKEN', (m) => `npm_${m.key(36)}`),
  PyPI: own('pypi', (m) => `pypi-AgEIcHlwaS5vcmc${m.key(70)}`),
  SendGrid: own('sendgrid', (m) => `SG.${m.key(22)}.${m.key(43)}`),
  'Hugging Face': own('HF', (m) => `hf_${m.key(34)}`),
  'Azure storage': named('AccountKey', (m) => `${m.key(86, BASE64)}==`),
  'Azure client secret': named('client_secret', (m) => `${m.key(3)}8Q~${m.key(34)}`),
  'database of Postgres': (m) => {
    const hidden = m.key(14);
    return { name: 'DATABASE_URL', text: `postgres://${name(m)}:${hidden}@db.internal:5432/app`, hidden };
  },
  'database of Mongo': (m) => {
    const hidden = m.key(16);
    return { name: 'mongo', text: `mongodb+srv://${name(m)}:${hidden}@c0.abcde.mongodb.net/?w=majority`, hidden };
  },
  'database of Redis': (m) => {
    const hidden = m.key(18);
    return { name: 'redis', text: `redis://:${hidden}@cache:6379/0`, hidden };
  },
  'connection string': (m) => {
    const hidden = m.key(12);
    return { name: 'db', text: `Server=tcp:sql,1433;User ID=${name(m)};Password=${hidden};Encrypt=True`, hidden };
  },
  'basic auth': (m) => {
    const hidden = base64(`${name(m)}:${m.key(12)}`);
    return { name: 'Authorization', text: `Basic ${hidden}`, hidden: hidden.replace(/=+$/, ''), whole: true };
  },
  bearer: (m) => {
    const hidden = m.key(32);
    return { name: 'Authorization', text: `Bearer ${hidden}`, hidden, whole: true };
  },
  cookies: (m) => {
    const hidden = m.key(26, LOWER + DIGITS);
    return { name: 'Cookie', text: `theme=dark; sessionid=${hidden}; lang=en`, hidden, whole: true };
  },
  'session id': named('PHPSESSID', (m) => m.key(26, LOWER + DIGITS)),
  'session token': named('session_token', (m) => m.key(44)),
  password: named('password', (m) => `${m.of(LOWER, 5)}${m.pick(['!', '#', '$', '@', '-'])}${m.key(5)}`),
  'password of a database': named('DB_PASSWORD', (m) => m.key(12)),
  passphrase: named('passphrase', (m) => `${m.of(LOWER, 5)}-${m.of(LOWER, 6)}-${m.of(DIGITS, 3)}`),
  'hex under a name': named('signing_key', (m) => m.key(64, HEX)),
  'base64 under a name': named('ENCRYPTION_KEY', (m) => `${m.key(43, BASE64)}=`),
  'API key under a name': named('x-api-key', (m) => m.key(32, HEX)),
  'random by itself': own('value', (m) => `${m.key(6)}Q${m.key(6)}x${m.key(6)}Z${m.key(6)}b${m.key(6)}`),
  'e-mail': own('email', (m) => `${name(m)}.${name(m)}@${name(m)}.${m.pick(['com', 'co.uk', 'org', 'io', 'de'])}`),
  'e-mail with a tag': own('contact', (m) => `${name(m)}+${m.of(LOWER, 4)}@mail.${name(m)}.net`),
  'phone E.164': own('phone', (m) => `+1415${m.of('23456789', 1)}${m.of(DIGITS, 6)}`),
  'phone of the UK': own('mobile', (m) => `+44 20 7${m.of(DIGITS, 3)} ${m.of(DIGITS, 4)}`),
  'phone of the US': own('phone', (m) => `(${m.of('23456789', 3)}) 555-${m.of(DIGITS, 4)}`),
  'phone of Germany': own('telephone', (m) => `+49 (0)30 ${m.of(DIGITS, 6)}`),
  'phone of India': own('phone_number', (m) => `0091 98${m.of(DIGITS, 3)} ${m.of(DIGITS, 5)}`),
  'card of Visa': own('card', (m) => m.card('4', 16)),
  'card in groups': own('card', (m) => m.card('5412', 16).replace(/(\d{4})(?=\d)/g, '$1 ')),
  'card of Amex': own('card', (m) => m.card('37', 15)),
  IBAN: own('iban', (m) => m.iban('DE', 18)),
  'IBAN in groups': own('iban', (m) => m.iban('FR', 23).replace(/(\w{4})(?=\w)/g, '$1 ')),
  'home on Linux': (m) => {
    const hidden = `/home/${name(m)}`;
    return { name: 'cwd', text: `${hidden}/src/main.py`, hidden };
  },
  'home on a Mac': (m) => {
    const hidden = `/Users/${name(m)}`;
    return { name: 'path', text: `${hidden}/Library`, hidden };
  },
  'home on Windows': (m) => {
    const hidden = `${name(m)}`;
    return { name: 'path', text: `C:\\Users\\${hidden}\\Desktop`, hidden };
  },
};

/** So many secrets, all kinds in turn; the same ones for the same seed. */
export function makeSecrets(count: number, seed: number): MadeSecret[] {
  const maker = new Maker(randomOf(seed));
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, i) => {
    const [kind, make] = kinds[i % kinds.length] ?? ['', own('', () => '')];
    return { kind, ...make(maker) };
  });
}
