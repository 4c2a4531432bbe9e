import { FAMILIES } from './claims.ts';
import { bareToolName, wordsOfName } from './toolNames.ts';

/** Whether a message proposes what a call does, told by its words: for a yes whose message names no identifier. */

const ASKS_BACK = /\?|\bconfirm|\bproceed|\bgo ahead/i;

/**
 * True when a message asks the user about a deed of the tool's kind ("replace the bottle with the larger one, would you
 * like to proceed?" for `modify_order_items`).
 */
export function proposes(message: string, tool: string): boolean {
  if (!ASKS_BACK.test(message)) return false;
  const stems = stemsFor(tool);
  if (stems.length === 0) return false;
  const words = message.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  return words.some((word) => stems.some((stem) => word.startsWith(stem)));
}

/** The verb of a tool's name, and the verbs of the kinds of deeds that it belongs to. */
function stemsFor(tool: string): string[] {
  const verb = wordsOfName(bareToolName(tool))[0] ?? '';
  const families = FAMILIES.filter(({ tools }) => tools.some((stem) => verb.startsWith(stem) && stem.length > 2));
  const stems = families.flatMap(({ tools, nouns }) => [...tools, ...nouns]);
  return [...new Set([verb, ...stems])].filter((stem) => stem.length > 2);
}

/** True when a message names another thing of the target's kind: an identifier of the same shape, but not the same. */
export function namesAnother(message: string, target: string): boolean {
  const shape = shapeOf(target);
  if (!/9/.test(shape)) return false;
  const named = message.match(/(?<![\p{L}\p{N}#_-])[\p{L}\p{N}#_-]*\d[\p{L}\p{N}_-]*/gu) ?? [];
  return named.some((one) => shapeOf(one) === shape && one.toLowerCase() !== target.toLowerCase());
}

function shapeOf(text: string): string {
  return text.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '9');
}
