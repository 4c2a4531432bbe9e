import { isWordCharacter } from '../../provenance/characters.ts';
import { tryParse } from '../../util/json.ts';
import { leavesOf } from '../../util/pointer.ts';

/**
 * Claims of completed actions in what an agent says ("I've cancelled it", "Your refund has been issued", "Done!"), told
 * by their grammar: first person or perfect tense, affirmative, not conditional, not offered, not a question, not quoted.
 */

/** A kind of deed: how its completion is said, how it is asked for, and by which verbs tools of the kind are named. */
export interface Family {
  readonly name: string;
  /** Participles, in the form they are claimed in. */
  readonly done: readonly string[];
  /** Nouns of the deed: "the refund has been processed". */
  readonly nouns: readonly string[];
  /** Starts of words in tool names and commands that can bring it about. */
  readonly tools: readonly string[];
}

const CHANGE = 'update modify change edit set patch put replace write apply adjust save upsert sync'.split(' ');
const MAKE = 'create add new insert make generate register schedule post put write save open file init'.split(' ');

/** Families are wide on purpose: one successful tool of the kind is enough to believe the claim. */
export const FAMILIES: readonly Family[] = [
  {
    name: 'cancel',
    done: ['cancelled', 'canceled', 'revoked', 'unsubscribed'],
    nouns: ['cancellation'],
    tools: ['cancel', 'void', 'revoke', 'terminat', 'unsubscrib', 'delet', 'remov', 'stop', 'abort', 'refund'],
  },
  {
    name: 'delete',
    done: ['deleted', 'removed', 'erased'],
    nouns: ['deletion', 'removal'],
    tools: ['delet', 'remov', 'rm', 'eras', 'drop', 'clear', 'purg', 'unlink', 'trash', 'clean', 'destroy', ...CHANGE],
  },
  {
    name: 'book',
    done: ['booked', 'rebooked', 'reserved', 'purchased', 'bought', 'ordered'],
    nouns: ['booking', 'reservation', 'purchase', 'order'],
    tools: ['book', 'rebook', 'reserv', 'purchas', 'buy', 'order', 'checkout', 'plac', 'submit', ...MAKE, ...CHANGE],
  },
  {
    name: 'create',
    done: ['created', 'added', 'registered', 'scheduled', 'opened', 'filed', 'saved'],
    nouns: ['registration'],
    tools: ['book', 'submit', 'upload', 'clone', 'touch', 'mkdir', 'plac', 'subscrib', ...MAKE, ...CHANGE],
  },
  {
    name: 'update',
    done: 'updated changed modified edited renamed moved upgraded downgraded adjusted switched rescheduled replaced enabled disabled activated deactivated reset applied'.split(
      ' ',
    ),
    nouns: ['update', 'change', 'modification', 'upgrade', 'downgrade'],
    tools:
      'renam mov upgrad downgrad switch reschedul exchang swap enabl disabl activat deactivat reset book add insert sed git'
        .split(' ')
        .concat(CHANGE),
  },
  {
    name: 'send',
    done: ['sent', 'emailed', 'notified', 'messaged', 'forwarded', 'posted', 'published', 'shared'],
    nouns: [],
    tools: 'send email mail notif messag reply post publish sms forward shar draft certificat slack tweet upload'.split(
      ' ',
    ),
  },
  {
    name: 'pay',
    done: ['refunded', 'paid', 'charged', 'credited', 'issued', 'reimbursed', 'compensated'],
    nouns: ['refund', 'payment', 'compensation', 'charge', 'certificate'],
    tools:
      'refund pay charg transfer credit certificat issu send return cancel compensat reimburs purchas buy book checkout exchang modif updat'.split(
        ' ',
      ),
  },
  {
    name: 'waive',
    done: ['waived', 'reversed', 'forgiven'],
    nouns: ['waiver', 'reversal'],
    tools: ['waiv', 'revers', 'forgiv', 'refund', 'credit', 'cancel', ...CHANGE],
  },
  {
    name: 'return',
    done: ['returned', 'exchanged'],
    nouns: ['return', 'exchange'],
    tools: ['return', 'exchang', 'swap', 'refund', 'submit', ...CHANGE],
  },
  {
    name: 'transfer',
    done: ['transferred', 'escalated'],
    nouns: ['transfer', 'escalation'],
    tools: ['transfer', 'escalat', 'handoff', 'hand', 'send', 'pay', 'wire', 'mov', 'forward', 'assign'],
  },
  {
    name: 'submit',
    done: ['submitted', 'approved', 'signed', 'placed'],
    nouns: ['submission', 'approval'],
    tools: [
      'submit',
      'approv',
      'sign',
      'plac',
      'send',
      'order',
      'book',
      'return',
      'exchang',
      'confirm',
      ...MAKE,
      ...CHANGE,
    ],
  },
  {
    name: 'release',
    done: ['deployed', 'merged', 'pushed', 'committed', 'released', 'uploaded', 'installed'],
    nouns: ['deployment', 'installation'],
    tools: 'deploy merg push commit git releas upload publish install pip npm yarn pnpm apt brew cargo writ put'.split(
      ' ',
    ),
  },
  {
    name: 'fix',
    done: ['fixed', 'resolved', 'implemented', 'refactored', 'patched'],
    nouns: ['fix', 'implementation'],
    tools: ['fix', 'resolv', 'implement', 'sed', 'git', 'insert', 'refactor', 'close', ...MAKE, ...CHANGE],
  },
];

export interface Claim {
  /** Undefined for a bare "Done!", which names no deed. */
  readonly family: Family | undefined;
  /** The participle or noun by which it is claimed, in lower case. */
  readonly word: string;
  /** The sentence, verbatim. */
  readonly sentence: string;
  /** The system does such a thing by itself after other deeds: a receipt is sent, a payment is charged. */
  readonly byProduct: boolean;
}

const ADVERB =
  '(?:(?:successfully|now|just|also|then|both|all|already|officially|automatically|gone ahead and|went ahead and)\\s+)*';
const participles = FAMILIES.flatMap(({ done }) => done).join('|');
const nouns = FAMILIES.flatMap(({ nouns: names }) => names).join('|');

const FIRST_PERSON = new RegExp(`\\b(?:I|we)(?:['’]ve|\\s+have)?\\s+${ADVERB}(${participles})\\b`, 'i');
const PERFECT = new RegExp(`\\b(?:has|have)\\s+(?!already)${ADVERB}been\\s+${ADVERB}(${participles})\\b`, 'i');
const NOW = new RegExp(`\\b(?:is|are)\\s+now\\s+(?:successfully\\s+)?(${participles})\\b`, 'i');
const SUCCESSFULLY = new RegExp(`\\bsuccessfully\\s+(${participles})\\b`, 'i');
const DONE = new RegExp(`^(?:(?:all\\s+)?done\\W+|✅\\s*)${ADVERB}(${participles})\\b`, 'i');
const PROCESSED = new RegExp(
  `\\b(${nouns})(?:\\s+[\\w#$€£.,'-]+){0,4}?\\s+(?:has|have)\\s+(?:now\\s+)?been\\s+(?:successfully\\s+)?(?:processed|completed|confirmed|finali[sz]ed|initiated|made|carried out)\\b`,
  'i',
);
const COMPLETE = new RegExp(`\\b(${nouns})\\s+(?:is|was)\\s+(?:now\\s+)?(?:successful|complete|confirmed)\\b`, 'i');
/** What a query or a search gave, and what was opened to read it, is no deed. */
const READING =
  /\b(?:query|queries|search|searches|lookup|request|call|tool|function|api|command)\b[^.]{0,40}\breturned\b|\b(?:pages?|articles?|links?|results?|sites?|websites?|sources?|documents?|files?)\b[^.]{0,20}\bopened\b|\bopened\b[^.]{0,60}\b(?:pages?|articles?|links?|results?|sites?|websites?|sources?|documents?)\b/i;
const PATTERNS = [FIRST_PERSON, PERFECT, NOW, SUCCESSFULLY, DONE, PROCESSED, COMPLETE];

/** Patterns that claim something only of a definite thing: "your order", "it", "order 7". */
const passive: ReadonlySet<RegExp> = new Set([PERFECT, NOW, SUCCESSFULLY]);
const DEFINITE = /\b(?:your|an?|the|it|its|this|that|these|those|all|both|everything|I|we|our|my|\w*\d\w*)\b/i;

const BARE =
  /^\W*(?:all\s+)?(?:done|finished|completed)\b\W*$|^\W*✅|\b(?:task|request|work|everything)\s+(?:is|has been|was)\s+(?:now\s+)?(?:successfully\s+)?(?:done|complete|completed|finished)\b|\bcompleted successfully\b|^\W*(?:you(?:'re|’re| are)\s+)?all set\b/i;

/** Words that, before the claim in its sentence, make it a condition, a plan, an offer, a doubt or a denial. */
const NOT_A_CLAIM =
  /\b(?:if|once|unless|until|when|whenever|whether|after|before|as soon as|in case|would|could|can|may|might|will|shall|should|must|let me|going to|want|like|need|please|not|never|no|nothing|cannot|unable|failed|you|they|he|she|someone|says|said|states?|shows?|indicates?|appears?|seems?|think|believe|assume|ensure|confirm|verify|make sure)\b|n['’]t\b/i;
/** Work that is done in words alone. */
const AUTHORED =
  /^\W*(?:(?:the|a|an|your|our|my|this|that|some|these|all|new|short|brief|detailed|following|sample|simple|complete)\s+)*(?:plan|list|summary|table|draft|outline|itinerary|overview|comparison|response|answer|reply|poem|story|example|function|script|snippet|code|class|query|steps?|explanation|version|text|wording|paragraph|instructions|recommendations?|questions?|formatting)\b|^\W*(?:\w+\s+){0,3}(?:preferences?|filters?|criteria)\b/i;

/** Things that systems do by themselves after another deed worked. */
const BY_PRODUCT =
  /\b(?:confirmation|receipt|e-?mail|instructions|notification|invoice|label)\b.*\b(?:sent|emailed|issued|shared)\b|\b(?:sent|emailed|issued|shared)\b.*\b(?:confirmation|receipt|e-?mail|instructions|notification|invoice|label)\b|\b(?:charged|credited|request has been (?:submitted|created|filed|placed)|submitted (?:the|your|a|an) .*\brequest)\b/i;

/**
 * The claims of a message, in its order; one for each sentence and family. A bare "Done!" counts only when no deed is
 * named. `seen` are words read in observations.
 */
export function claimsIn(message: string, seen: ReadonlySet<string> = new Set()): Claim[] {
  const claims = sentencesOf(message).flatMap((sentence) => claimsOfSentence(sentence, seen));
  const named = claims.filter(({ family }) => family !== undefined);
  return named.length > 0 ? named : claims;
}

function claimsOfSentence(sentence: string, seen: ReadonlySet<string>): Claim[] {
  if (/\?\W*$/.test(sentence)) return [];
  const spoken = sentence.replace(/"[^"]*"|“[^”]*”|`[^`]*`/g, ' ');
  const families = new Map<Family, string>();
  for (const pattern of PATTERNS) {
    const match = pattern.exec(spoken);
    const word = match?.[1]?.toLowerCase();
    if (match === null || word === undefined) continue;
    const before = clauseBefore(spoken.slice(0, match.index));
    if (NOT_A_CLAIM.test(before)) continue;
    if ((word === 'returned' || word === 'opened') && READING.test(spoken)) continue;
    if (passive.has(pattern) && !DEFINITE.test(before)) continue; // "Such methods have been successfully applied to games."
    if (AUTHORED.test(spoken.slice(match.index + match[0].length))) continue;
    if (pattern !== FIRST_PERSON && seen.has(word)) continue; // "has been cancelled" may describe what was read.
    const family = familyOf(word);
    if (family !== undefined && !families.has(family)) families.set(family, word);
  }
  const byProduct = BY_PRODUCT.test(spoken);
  if (families.size > 0) return [...families].map(([family, word]) => ({ family, word, sentence, byProduct }));
  return BARE.test(spoken) && !/\b(?:not|never|n['’]t)\b/i.test(spoken)
    ? [{ family: undefined, word: 'done', sentence, byProduct }]
    : [];
}

/** The part of the sentence that governs what follows: from the last "but" or semicolon on. */
function clauseBefore(text: string): string {
  return text.split(/;|\bbut\b|\bhowever\b|:|—| - /i).at(-1) ?? text;
}

function familyOf(word: string): Family | undefined {
  return FAMILIES.find(({ done, nouns: names }) => done.includes(word) || names.includes(word));
}

/** Sentences and lines of a message, without code blocks, quotations, list marks and emphasis. */
function sentencesOf(message: string): string[] {
  return spokenText(message)
    .replace(/```[\s\S]*?(?:```|$)/g, '\n')
    .split(/(?<=[.!?])\s+|\n+/)
    .filter((line) => !/^\s*>/.test(line))
    .map((line) =>
      line
        .replace(/[*_]{1,3}/g, '')
        .replace(/^\s*(?:[-•]|\d+[.)])\s+/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** What a message that is a JSON document says: its texts, one a line. Other messages as they are. */
function spokenText(message: string): string {
  const value = /^\s*[{[]/.test(message) ? tryParse(message) : undefined;
  if (value === undefined) return message;
  return [...leavesOf(value)].flatMap((leaf) => (typeof leaf.value === 'string' ? [leaf.value] : [])).join('\n');
}

/**
 * The families that words of a tool's name or of its command can belong to, in the order of `FAMILIES`. A command has
 * hundreds of words, so each is held only against the starts that share its first two letters.
 */
export function familiesOfWords(words: Iterable<string>): Family[] {
  const found = new Set<Family>();
  for (const word of words) {
    for (const [start, family] of STARTS.get(word.slice(0, 2)) ?? []) if (word.startsWith(start)) found.add(family);
  }
  return FAMILIES.filter((family) => found.has(family));
}

/** Starts of words, each with its family, by their first two letters; none is shorter. */
const STARTS = new Map<string, (readonly [start: string, family: Family])[]>();
for (const family of FAMILIES) {
  for (const start of new Set(family.tools)) {
    const letters = start.slice(0, 2);
    STARTS.set(letters, [...(STARTS.get(letters) ?? []), [start, family]]);
  }
}

const PARTICIPLES = new Set(FAMILIES.flatMap(({ done }) => done));
/** How they end and how long they are: looking at that first spares making a word of nearly all others. */
const LAST_LETTERS = new Set([...PARTICIPLES].map((word) => word.charCodeAt(word.length - 1)));
const SHORTEST = Math.min(...[...PARTICIPLES].map((word) => word.length));
const LONGEST = Math.max(...[...PARTICIPLES].map((word) => word.length));

/** The participles of all families that occur in a text: what an observation already says has happened. */
export function participlesIn(text: string): string[] {
  const found: string[] = [];
  const size = text.length;
  for (let start = 0, end = 0; start < size; start = end + 1) {
    end = start;
    while (end < size && isWordCharacter(text.charCodeAt(end))) end++;
    if (end - start < SHORTEST || end - start > LONGEST) continue;
    if (!LAST_LETTERS.has(text.charCodeAt(end - 1) | 0x20)) continue;
    const word = text.slice(start, end).toLowerCase();
    if (PARTICIPLES.has(word)) found.push(word);
  }
  return found;
}

/** True when a user's message asks for a deed of some family ("cancel my order", "please book it"). */
export function asksForDeed(text: string): boolean {
  const words = new Set(text.toLowerCase().match(/[a-z]+/g) ?? []);
  return DEEDS.some((verb) => words.has(verb));
}

const DEEDS =
  'cancel delete remove book rebook reserve buy purchase order create add register schedule update change modify rename move upgrade downgrade switch send email notify forward post publish refund pay charge return exchange transfer submit approve deploy merge push commit install fix implement enable disable activate reset unsubscribe'.split(
    ' ',
  );
