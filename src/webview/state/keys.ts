import type { ViewCommand } from '../../protocol/webviewApi.ts';
import { focusSoon, STEP_TREE } from './focus.ts';
import type { Session } from './session.ts';

/**
 * Keys inside the view. F-keys are VS Code's own commands and come back as such, so that people can rebind them; letters
 * must be handled here, because VS Code's keybindings would fire while somebody types into a field.
 */
export interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
}

/** The key sheet, in groups. */
export const KEY_SHEET: readonly { readonly title: string; readonly lines: readonly KeyLine[] }[] = [
  {
    title: 'Step',
    lines: [
      { keys: ['j', '↓'], does: 'Next step in the list' },
      { keys: ['k', '↑'], does: 'Previous step in the list' },
      { keys: ['F10'], does: 'Step over' },
      { keys: ['Alt+F10'], does: 'Step back' },
      { keys: ['F11', 'l', '→'], does: 'Step into a sub-agent' },
      { keys: ['Shift+F11', 'h', '←'], does: 'Step out of a sub-agent' },
      { keys: ['g', 'Home'], does: 'First step' },
      { keys: ['G', 'End'], does: 'Last step' },
    ],
  },
  {
    title: 'Go',
    lines: [
      { keys: ['F5'], does: 'Continue to the next breakpoint or failure' },
      { keys: ['Alt+F5'], does: 'The same, backwards' },
      { keys: ['F9', 'b'], does: 'Set or remove a breakpoint' },
      { keys: ['F8'], does: 'Next finding' },
      { keys: ['Shift+F8'], does: 'Previous finding' },
      { keys: ['s'], does: 'To the suspect step' },
    ],
  },
  {
    title: 'Look',
    lines: [
      { keys: ['/'], does: 'Filter the steps' },
      { keys: ['Ctrl+F'], does: 'Find in the data of all steps' },
      { keys: ['n', 'N'], does: 'Next and previous place found' },
      { keys: ['r'], does: 'Pick a run' },
      { keys: ['t'], does: 'Generate a regression test' },
      { keys: ['?'], does: 'This sheet' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
];

const COMMAND_KEYS: Readonly<Record<string, ViewCommand>> = {
  l: 'stepInto',
  h: 'stepOut',
  b: 'toggleBreakpoint',
  s: 'goToSuspect',
  '/': 'filter',
  r: 'pickRun',
  t: 'generateTest',
  '?': 'showKeys',
};

/** Handles a key of the page. Never stops its propagation: VS Code's keybindings listen too. */
export function onKeyDown(session: Session, event: KeyboardEvent): void {
  const { store } = session;
  if (store.get().dialog !== undefined || event.defaultPrevented) return;
  const isMod = event.ctrlKey || event.metaKey;
  if (isMod && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f') {
    event.preventDefault();
    session.finder.open();
    return;
  }
  if (isMod || event.altKey) return;
  if (event.key === 'Escape') {
    if (store.get().find !== undefined) session.finder.close();
    return;
  }
  if (isTyping(event) || !act(session, event)) return;
  event.preventDefault();
}

function act(session: Session, event: KeyboardEvent): boolean {
  const command = COMMAND_KEYS[event.key];
  if (command !== undefined) {
    session.command(command);
    return true;
  }
  switch (event.key) {
    case 'j':
      session.walk(1);
      return true;
    case 'k':
      session.walk(-1);
      return true;
    case 'g':
      session.goTo(0);
      return true;
    case 'G':
      session.goTo(session.pages.length - 1);
      return true;
    case 'n':
      session.finder.move(1);
      return true;
    case 'N':
      session.finder.move(-1);
      return true;
    default:
      return isFree(event) && actOnArrow(session, event.key);
  }
}

/** Arrows step where nothing else has a use for them: in the step list and on the bare page. */
export function actOnArrow(session: Session, key: string): boolean {
  switch (key) {
    case 'ArrowDown':
      session.walk(1);
      break;
    case 'ArrowUp':
      session.walk(-1);
      break;
    case 'ArrowRight':
      session.stepInto();
      break;
    case 'ArrowLeft':
      session.stepOut();
      break;
    case 'Home':
      session.goTo(0);
      break;
    case 'End':
      session.goTo(session.pages.length - 1);
      break;
    default:
      return false;
  }
  focusSoon(STEP_TREE);
  return true;
}

function isFree(event: KeyboardEvent): boolean {
  return event.target === document.body;
}

/** True when the key goes into a field. The toolkit's fields keep theirs in a shadow, so the first target counts. */
export function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
