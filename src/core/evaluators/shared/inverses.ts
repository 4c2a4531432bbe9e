import type { ToolDeclaration } from '../../trace/model.ts';
import { bareToolName, wordsOfName } from './toolNames.ts';

/** Verbs that undo one another: what the first does, one of the others takes back. */
const UNDONE_BY: Readonly<Record<string, readonly string[]>> = {
  create: ['delete', 'remove', 'cancel', 'close'],
  add: ['remove', 'delete'],
  book: ['cancel'],
  reserve: ['cancel', 'release'],
  order: ['cancel', 'return', 'refund'],
  buy: ['sell', 'cancel', 'return', 'refund'],
  purchase: ['cancel', 'return', 'refund'],
  pay: ['refund'],
  place: ['cancel'],
  delete: ['restore', 'undelete', 'recover', 'create', 'add'],
  remove: ['restore', 'add', 'create', 'undo'],
  cancel: ['reinstate', 'restore', 'reopen', 'uncancel', 'resume'],
  approve: ['revoke', 'reject', 'unapprove', 'withdraw'],
  grant: ['revoke'],
  revoke: ['grant'],
  submit: ['withdraw', 'cancel', 'recall', 'retract'],
  publish: ['unpublish', 'retract'],
  deploy: ['rollback', 'undeploy', 'revert'],
  merge: ['revert'],
  drop: ['restore'],
  refund: ['charge'],
};
const GENERAL = /^(?:undo|rollback|revert|restore)$/;

/** A declared tool that by its name takes back what another does: `cancel_reservation` for `book_reservation`. */
export function inverseAmong(tool: string, declared: readonly ToolDeclaration[]): string | undefined {
  const words = wordsOfName(bareToolName(tool));
  const verb = words.find((word) => Object.hasOwn(UNDONE_BY, word));
  const things = words.filter((word) => word !== verb && word.length > 2);
  return declared.find(({ name }) => {
    const others = wordsOfName(bareToolName(name));
    if (others.length === 1 && GENERAL.test(others[0] ?? '')) return true;
    if (verb === undefined || !others.some((word) => UNDONE_BY[verb]?.includes(word))) return false;
    return things.length === 0 || others.some((word) => things.some((thing) => sameThing(word, thing)));
  })?.name;
}

/** `order` and `orders`; a flight is booked as a reservation. */
function sameThing(a: string, b: string): boolean {
  const one = a.replace(/s$/, '');
  const other = b.replace(/s$/, '');
  return one === other || (BOOKED.has(one) && BOOKED.has(other));
}
const BOOKED = new Set(['reservation', 'booking', 'flight', 'hotel', 'appointment', 'order', 'ticket', 'trip']);
