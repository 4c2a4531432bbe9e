import type { Action } from '../trace/model.ts';
import type { Classified, Effect } from './effects.ts';
import { bareToolName, wordsOfName } from './shared/toolNames.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const READ = set(
  `get list search find read fetch view calculate think show describe lookup look query count check inspect browse
  retrieve preview validate verify compute parse summarize analyze compare estimate track select scan glob grep ls cat
  head tail monitor poll download explain recall peek diff screenshot hover scroll wait can is has are does should`,
);
const WRITE = set(
  `create update set edit add write modify insert put upsert save patch apply replace rename move copy upload change
  configure enable disable assign close reopen register schedule reschedule record store append mark archive unarchive
  comment invite subscribe unsubscribe install uninstall restore undo revert rollback attach increase decrease adjust
  reset redeem confirm toggle rotate renew extend prolong waive credit`,
);
const IRREVERSIBLE = set(
  `delete remove cancel send pay buy checkout approve submit publish deploy merge drop revoke wipe purge destroy erase
  terminate truncate withdraw donate disburse unlink`,
);
/** Words that are as often nouns (`transfer_history`, `order_status`): verbs only in first place and of something. */
const NOUN_OR_VERB: Readonly<Record<string, Effect>> = {
  email: 'irreversible',
  transfer: 'irreversible',
  wire: 'irreversible',
  purchase: 'irreversible',
  refund: 'irreversible',
  order: 'irreversible',
  grant: 'irreversible',
  release: 'irreversible',
  charge: 'irreversible',
  post: 'irreversible',
  tweet: 'irreversible',
  exchange: 'irreversible',
  return: 'irreversible',
  book: 'write',
  reserve: 'write',
  log: 'write',
  import: 'write',
};
const NOUN_TAIL = set(
  `status history list id ids details detail info count rate rates address template templates report reports total
  summary stats log logs result results value number type types`,
);
/** Verbs that say nothing alone, but act on what follows: `make_payment`, `process_refund`, `place_order`. */
const LIGHT_VERB = set('make process issue initiate execute perform place do start complete');
const MONEY = set('payment payments refund refunds charge payout payouts transfer purchase trade bid bet order orders');
const SPENDING = set('pay buy purchase checkout order charge wire donate transfer disburse withdraw');

const PEOPLE = set('user users human humans customer person operator supervisor representative');
const TALK = set('message reply respond ask answer say tell notify question clarification');
const HANDING_OVER = set('transfer escalate handoff delegate');
const ACCOUNTS = set('account bank wallet iban savings checking funds money');

/** The effect that a tool's name suggests. Its words are read, never parts of words: `getDeletedOrders` reads. */
export function effectOfName(tool: string): Classified {
  const words = withCompounds(wordsOfName(bareToolName(tool)));
  const [first = '', second = '', third = ''] = words;
  if (isConversation(words)) return { effect: 'unknown', because: `${tool} talks to a person` };
  if (isHandOver(words)) return { effect: 'unknown', because: `${tool} hands over to somebody else` };
  // SWE-agent's `submit` and its like end the run; they submit nothing to anybody.
  if (words.length === 1 && first === 'submit') return { effect: 'unknown', because: `${tool} ends the run` };
  if (READ.has(first) && (second === 'or' || second === 'and') && effectOfWord(third) !== undefined) {
    return { effect: effectOfWord(third) ?? 'unknown', because: `its name says "${third}"` };
  }
  // Who is sent a request can still say no.
  if (first === 'send' && words.at(-1) === 'request') return { effect: 'write', because: `${tool} only asks for it` };
  if (LIGHT_VERB.has(first)) {
    const noun = words.find((word) => MONEY.has(word));
    if (noun !== undefined)
      return { effect: 'irreversible', because: `its name says "${first} ${noun}"`, spends: true };
  }
  for (const word of words) {
    const effect = effectOfWord(word);
    if (effect === undefined) continue;
    const money = effect === 'write' && words.find((w) => MONEY.has(w) && !w.startsWith('order'));
    if (money) return { effect: 'irreversible', because: `its name says "${word} ${money}"`, spends: true };
    if (effect === 'irreversible' && (words.includes('cart') || words.includes('basket')) && word !== 'checkout') {
      return { effect: 'write', because: `its name says "${word}" of a cart` };
    }
    return { effect, because: `its name says "${word}"`, ...(SPENDING.has(word) && { spends: true }) };
  }
  const verb = Object.hasOwn(NOUN_OR_VERB, first) ? NOUN_OR_VERB[first] : undefined;
  if (verb !== undefined && !NOUN_TAIL.has(words.at(-1) ?? '')) {
    return { effect: verb, because: `its name says "${first}"`, ...(SPENDING.has(first) && { spends: true }) };
  }
  return { effect: 'unknown', because: `nothing tells what ${tool} changes` };
}

const CLICKS = set('click tap press dblclick doubleclick leftclick');
/** Roles of elements whose label names what is entered there, not what a click does. */
const FIELD =
  /^(?:textbox|searchbox|combobox|listbox|option|spinbutton|slider|checkbox|radio|switch|tab|input|textarea|select)$/i;
/** Words by which a label names something to look at or to fill in: "Order history", "Refund policy", "Submit filters". */
const LABEL_NOUN = set(
  `status history details info price prices time times date dates location range search filter filters listings
  tracker tracking policy policies options selector calendar monday tuesday wednesday thursday friday saturday sunday
  january february march april may june july august september october november december`,
);

/** The effect of clicking an element, by the first word of its label ("Delete", "Pay now"); a long label is no button. */
export function effectOfElement(action: Action): Classified | undefined {
  const label = action.target?.element;
  if (label === undefined || label.length > 40 || !wordsOfName(action.tool).some((word) => CLICKS.has(word))) return;
  if (FIELD.test(action.target?.role ?? '')) return;
  const words = withCompounds(wordsOfName(label));
  const [first = '', ...others] = words;
  // "Return" alone is half of a journey, and "Drop A" an answer; both are acts in the names of tools only.
  if (first === 'drop' || (first === 'return' && others.length === 0)) return;
  if (others.some((word) => LABEL_NOUN.has(word))) return;
  const placed = first === 'place' && words.includes('order');
  const effect = placed ? 'irreversible' : (effectOfWord(first) ?? NOUN_OR_VERB[first]);
  if (effect !== 'irreversible' && effect !== 'write') return undefined;
  return {
    effect,
    because: `the element says "${label}"`,
    ...((placed || SPENDING.has(first)) && { spends: true }),
  };
}

/** The effect of one word where it is a plain verb: `view`, `create`, `delete`. */
export function effectOfWord(word: string): Effect | undefined {
  if (READ.has(word)) return 'read';
  if (IRREVERSIBLE.has(word)) return 'irreversible';
  return WRITE.has(word) ? 'write' : undefined;
}

function withCompounds(words: readonly string[]): string[] {
  return words
    .join(' ')
    .replace(/\bcheck out\b/g, 'checkout')
    .replace(/\bhand (?:off|over)\b/g, 'handoff')
    .split(' ');
}

/** `send_message_to_user`, `ask_human`, `reply`, `ask_followup_question`. */
function isConversation(words: readonly string[]): boolean {
  const talks = words.some((word) => TALK.has(word));
  return talks && (words.some((word) => PEOPLE.has(word)) || words[0] === 'ask' || TALK.has(words.join('')));
}

/** `transfer_to_human_agents`, `escalate_ticket`, `transfer_to_billing_agent`; `transfer_to_account` moves money. */
function isHandOver(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  if (!HANDING_OVER.has(first)) return false;
  if (words.some((word) => ACCOUNTS.has(word))) return false;
  return first !== 'transfer' || second === 'to' || words.some((word) => PEOPLE.has(word) || /^agents?$/.test(word));
}
