import type { Action } from '../../trace/model.ts';
import { wordsOfName } from './toolNames.ts';

/** One simple command of a shell line: its words with quotes removed. */
export interface ShellCommand {
  readonly words: readonly string[];
}

const SHELL_TOOLS = new Set('bash shell sh zsh powershell pwsh terminal cmd exec execute command console'.split(' '));
const COMMAND_KEYS = ['command', 'cmd', 'script', 'keystrokes', 'code', 'input'];

/** The command line that a shell tool was given (`command`, `cmd`, a list of words), or undefined for other tools. */
export function shellCommandOf(action: Action): string | undefined {
  const words = wordsOfName(action.tool);
  const named = words.some((word) => SHELL_TOOLS.has(word));
  for (const key of COMMAND_KEYS) {
    const value = Object.hasOwn(action.arguments, key) ? action.arguments[key] : undefined;
    if (!named && key !== 'command' && key !== 'cmd') continue;
    if (typeof value === 'string') return named || looksLikeShell(action) ? value : undefined;
    if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return unwrapped(value);
  }
  return undefined;
}

/** `command` of an unnamed tool is a shell line only when the tool has little else: `str_replace_editor` has `path`. */
function looksLikeShell(action: Action): boolean {
  const others = Object.keys(action.arguments).filter(
    (key) => !/^(?:command|cmd|timeout|cwd|workdir|working_dir(?:ectory)?|description|is_input|background)$/i.test(key),
  );
  return others.length === 0;
}

/** `["bash", "-lc", "line"]` is the line. */
function unwrapped(words: readonly string[]): string {
  const [shell = '', flag = '', line] = words;
  if (/(?:^|\/)(?:ba|z|da)?sh$/.test(shell) && /^-\w*c$/.test(flag) && line !== undefined) return line;
  return words.map((word) => (/[\s'"|;&<>]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word)).join(' ');
}

/** Words that stand before the command they run. */
const PREFIXES = new Set('sudo env time nohup exec command then do else ! { builtin'.split(' '));

/**
 * Characters of a shell line that are looked at. What is longer carries data (a file in a here-document), and taking
 * megabytes of it apart word by word holds up everybody.
 */
const LONGEST_LINE = 200_000;

/**
 * The simple commands of a shell line, in order: split at pipes, lists and new lines outside quotes; quoted text is one
 * word and here-documents are left out, so that data is never taken for a command. Substitutions `$(…)` inside a word
 * stay part of the word.
 */
export function commandsOf(whole: string): readonly ShellCommand[] {
  if (whole !== latest.line) latest = { line: whole, commands: takeApart(whole) };
  return latest.commands;
}

/** Every check asks about the same line, one after the other. */
let latest: { readonly line: string; readonly commands: readonly ShellCommand[] } = { line: '', commands: [] };

function takeApart(whole: string): ShellCommand[] {
  const line = whole.slice(0, LONGEST_LINE);
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let documentEnd: number | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    const start = words.findIndex((w) => !PREFIXES.has(w) && !/^\w+=/.test(w));
    if (start >= 0) commands.push({ words: withoutPath(programFirst(words.slice(start))) });
    words = [];
  };
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === '\\') {
      i++;
      if (line.charAt(i) !== '\n') word = (word ?? '') + line.charAt(i);
    } else if (character === "'" || character === '"') {
      const end = quoteEnd(line, i);
      word = (word ?? '') + line.slice(i + 1, end);
      i = end;
    } else if (character === '$' && line.charAt(i + 1) === '(') {
      const end = substitutionEnd(line, i + 1);
      word = (word ?? '') + line.slice(i, end + 1);
      i = end;
    } else if (line.startsWith('<<', i) && line.charAt(i + 2) !== '<') {
      endWord();
      const [opening = '<<', , marker] = /^<<-?\s*(['"]?)([\w.-]+)\1/.exec(line.slice(i, i + 100)) ?? [];
      if (marker !== undefined) documentEnd = hereDocumentEnd(line, i, marker);
      i += opening.length - 1;
    } else if (character === '#' && word === undefined) {
      const end = line.indexOf('\n', i);
      i = (end < 0 ? line.length : end) - 1;
    } else if (character === '&' && /[<>]/.test(line.charAt(i - 1))) {
      word = `${word ?? ''}&`;
    } else if (/[|;&\n()]/.test(character)) {
      endCommand();
      if (character === '\n' && documentEnd !== undefined) {
        i = documentEnd;
        documentEnd = undefined;
      }
    } else if (/\s/.test(character)) endWord();
    else word = (word ?? '') + character;
  }
  endCommand();
  return commands;
}

/** `> log rm x` runs rm: redirections can stand before the program, and go to the end here. */
function programFirst(words: readonly string[]): readonly string[] {
  let count = 0;
  let file = fileOfRedirection(words[count]);
  while (file !== undefined) {
    count += file === '' ? 2 : 1;
    file = fileOfRedirection(words[count]);
  }
  return count < words.length ? [...words.slice(count), ...words.slice(0, count)] : words;
}

/** The file that a redirection names, empty when it is the next word; undefined for other words. */
function fileOfRedirection(word = ''): string | undefined {
  return /^[\d&]?(?:>>?\|?|<(?!<))(.*)$/.exec(word)?.[1];
}

function withoutPath(words: readonly string[]): string[] {
  const [first = '', ...rest] = words;
  return [first.replace(/^.*\/(?=[^/]+$)/, ''), ...rest];
}

function quoteEnd(line: string, start: number): number {
  const quote = line.charAt(start);
  for (let i = start + 1; i < line.length; i++) {
    if (line.charAt(i) === '\\' && quote === '"') i++;
    else if (line.charAt(i) === quote) return i;
  }
  return line.length;
}

function substitutionEnd(line: string, open: number): number {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === "'" || character === '"') i = quoteEnd(line, i);
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return i;
  }
  return line.length;
}

/** Where the here-document ends that `<<MARKER` at `start` opens: after the line that is the marker alone. */
function hereDocumentEnd(line: string, start: number, marker: string): number {
  const newline = line.indexOf('\n', start);
  if (newline < 0) return line.length;
  const close = new RegExp(`^\\s*${marker.replaceAll('.', '\\.')}\\s*$`, 'm').exec(line.slice(newline));
  return close === null ? line.length : newline + close.index + close[0].length;
}
