import type { ChatCall } from '../shared/chat/chatMessage.ts';

/** SWE-agent's own commands; any other action is a line for the shell. Source: SWE-agent `tools/<bundle>/config.yaml`. */
const COMMANDS: ReadonlySet<string> = new Set([
  'open',
  'goto',
  'create',
  'scroll_up',
  'scroll_down',
  'edit',
  'insert',
  'append',
  'undo_edit',
  'search_dir',
  'search_file',
  'find_file',
  'filemap',
  'str_replace_editor',
  'view_image',
  'submit',
]);

/** What the harness writes in place of an action when it ends a run itself. */
const HARNESS_EXIT = /^(?:exit_\w+|exit|skip)$/;

export function isHarnessExit(action: string): boolean {
  return HARNESS_EXIT.test(action.trim());
}

/** The call that an action's text makes, for models that answer in text: one of SWE-agent's commands, or bash. */
export function callOfAction(action: string): ChatCall | undefined {
  const command = action.trimEnd();
  if (command.trim() === '' || isHarnessExit(command)) return undefined;
  const word = /^\s*(\w+)/.exec(command)?.[1] ?? '';
  return {
    tool: COMMANDS.has(word) ? word : 'bash',
    arguments: { command },
    rawArguments: action,
    argumentsRecorded: true,
  };
}
