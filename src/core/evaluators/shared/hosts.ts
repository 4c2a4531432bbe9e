import type { Action } from '../../trace/model.ts';
import { leavesOf } from '../../util/pointer.ts';
import { matchesName } from '../policy/toolPolicy.ts';
import { commandsOf, shellCommandOf } from './shell.ts';

/** A host that a call is pointed at. */
export interface NamedHost {
  readonly host: string;
  /** JSON pointer into the arguments. */
  readonly pointer: string;
}

const ADDRESS = /^(?:https?|wss?|ftp):\/\/(?:[^/?#@\s]*@)?(\[[\da-f:.]+\]|[^/?#:\s]+)/i;

/** The hosts of a call: of arguments that are an address as a whole, and of addresses that a shell's commands are given. */
export function hostsOf(action: Action): NamedHost[] {
  const line = shellCommandOf(action);
  if (line !== undefined) {
    const words = commandsOf(line).flatMap((command) =>
      /^(?:echo|printf|grep|rg|cat|git)$/.test(command.words[0] ?? '') ? [] : command.words.slice(1),
    );
    return words.flatMap((word) => hostIn(word, ''));
  }
  return [...leavesOf(action.arguments)].flatMap(({ pointer, value }) =>
    typeof value === 'string' && value.length < 4000 ? hostIn(value.trim(), pointer) : [],
  );
}

function hostIn(text: string, pointer: string): NamedHost[] {
  const host = ADDRESS.exec(text)?.[1];
  return host === undefined || /\s/.test(text) ? [] : [{ host: host.toLowerCase(), pointer }];
}

/** Whether a host is one of a policy's; `*.example.com` stands for every host below it. */
export function isHostOf(patterns: readonly string[], host: string): boolean {
  return patterns.some((pattern) => matchesName(pattern.toLowerCase(), host));
}
