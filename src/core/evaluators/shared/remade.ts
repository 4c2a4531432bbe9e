import type { Action } from '../../trace/model.ts';
import { asFilledText } from '../../util/json.ts';
import type { EvaluationContext } from '../context.ts';
import type { StepPlace } from '../verdict.ts';
import { failed, isWrite } from './actions.ts';
import { commandsOf, shellCommandOf } from './shell.ts';
import { wordsOfName } from './toolNames.ts';

/** A file that was removed and at once written anew, and where. */
export interface RemadeFile {
  readonly path: string;
  /** For each time the removal and the writing. */
  readonly times: { readonly removed: StepPlace; readonly written: StepPlace }[];
}

/**
 * Finds files that an agent removes and writes anew in its next action. Once is a correction; again and again is a loop,
 * although something was changed each time.
 */
export class Remade {
  readonly #removed = new Map<string, { path: string; place: StepPlace }>();
  readonly #files = new Map<string, RemadeFile>();

  constructor(private readonly context: EvaluationContext) {}

  /** Takes note of the next action of a branch. */
  note(branch: string, action: Action, place: StepPlace): void {
    const before = this.#removed.get(branch);
    this.#removed.delete(branch);
    const removed = removedFile(action);
    if (removed !== undefined) {
      this.#removed.set(branch, { path: removed, place });
      return;
    }
    const written = fileOf(action);
    if (before === undefined || written === undefined || !isSameFile(before.path, written)) return;
    if (failed(action) || !isWrite(this.context.effectOf(action))) return;
    const key = `${branch} ${written}`;
    const file = this.#files.get(key) ?? { path: written, times: [] };
    this.#files.set(key, file);
    file.times.push({ removed: before.place, written: place });
  }

  /** The files that were remade at least so many times. */
  atLeast(times: number): RemadeFile[] {
    return [...this.#files.values()].filter((file) => file.times.length >= times);
  }
}

/** The one file that an action does nothing but remove. */
function removedFile(action: Action): string | undefined {
  const command = shellCommandOf(action);
  if (command === undefined) {
    const words = wordsOfName(action.tool);
    return words.includes('file') && words.some((word) => REMOVES.has(word)) ? fileOf(action) : undefined;
  }
  const [only, ...others] = commandsOf(command).filter(({ words }) => words[0] !== 'cd');
  const [program, ...rest] = only?.words ?? [];
  const files = rest.filter((word) => !word.startsWith('-'));
  return program === 'rm' && others.length === 0 && files.length === 1 ? files[0] : undefined;
}

const REMOVES = new Set(['remove', 'delete', 'unlink']);
const FILE_KEYS = ['path', 'file_path', 'filePath', 'filepath', 'file', 'filename', 'file_name'];

function fileOf({ arguments: given }: Action): string | undefined {
  for (const key of FILE_KEYS) {
    const path = Object.hasOwn(given, key) ? asFilledText(given[key]) : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Equal, or one of them told from a folder on the way. */
function isSameFile(a: string, b: string): boolean {
  const [one, two] = [a.replace(/^\.\//, ''), b.replace(/^\.\//, '')];
  return one === two || one.endsWith(`/${two}`) || two.endsWith(`/${one}`);
}
