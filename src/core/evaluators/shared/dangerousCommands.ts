import type { Action } from '../../trace/model.ts';
import { asText, field } from '../../util/json.ts';
import { commandsOf, type ShellCommand, shellCommandOf } from './shell.ts';
import { wordsOfName } from './toolNames.ts';

/** A command that hardly anybody allows an agent. */
export interface Danger {
  /** What it does, to end "the command …". */
  readonly words: string;
  /** The command, in short. */
  readonly quote: string;
  readonly severity: 'error' | 'warning';
}

/**
 * Dangers in what shell, SQL and code tools are given; undefined for other tools. Only commands count: never what a
 * command prints, searches for or writes into a file, and never what a tool answers.
 */
export function dangersOf(action: Action): Danger[] | undefined {
  const line = shellCommandOf(action);
  if (line !== undefined) return shellDangers(line);
  const sql = sqlOf(action);
  if (sql !== undefined) return sqlDangers(sql);
  const code = codeOf(action);
  return code === undefined ? undefined : codeDangers(code);
}

const EVERYTHING =
  /^(?:\/|\/\*|~|~\/|~\/\*|\$HOME|\$\{HOME\}|\$HOME\/\*?|\/(?:etc|usr|bin|boot|lib|var|home|root|Users)\/?\*?)$/;

function shellDangers(line: string): Danger[] {
  const commands = commandsOf(line);
  const dangers = commands.flatMap((command, i) => dangerOf(command, commands[i + 1]));
  if (/:\s*\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:/.test(line.slice(0, 2000))) {
    dangers.push({ words: 'starts itself without end', quote: ':(){ :|:& };:', severity: 'error' });
  }
  return dangers;
}

function dangerOf({ words }: ShellCommand, next: ShellCommand | undefined): Danger[] {
  const [program = '', ...rest] = words;
  const inner = /^(?:ba|z|da)?sh$/.test(program) && /^-\w*c$/.test(rest[0] ?? '') ? rest[1] : undefined;
  // Each level of quotes is shorter than the one around it.
  if (inner !== undefined) return shellDangers(inner);
  const quote = words.join(' ').slice(0, 100);
  const flags = rest.filter((word) => word.startsWith('-')).join(' ');
  const named = rest.filter((word) => !word.startsWith('-'));
  if (program === 'rm' && /(?:^| )-\w*[rR]|--recursive/.test(flags) && named.some((name) => EVERYTHING.test(name))) {
    return [{ words: 'deletes a whole system or home folder', quote, severity: 'error' }];
  }
  if (
    /^(?:mkfs(?:\.\w+)?|wipefs)$/.test(program) ||
    (program === 'dd' && /\bof=\/dev\/(?!null|stdout)/.test(rest.join(' ')))
  ) {
    return [{ words: 'overwrites a disk', quote, severity: 'error' }];
  }
  if (program === 'chmod' && /-\w*R|--recursive/.test(flags) && /^(?:0?777|a\+rwx)$/.test(named[0] ?? '')) {
    return [{ words: 'lets everybody write to a folder and all below it', quote, severity: 'warning' }];
  }
  const [shell = '', ...given] = next?.words ?? [];
  const pipesIntoShell = /^(?:ba|z|da)?sh$/.test(shell) && (given.length === 0 || /^-s?$/.test(given[0] ?? ''));
  if (/^(?:curl|wget)$/.test(program) && pipesIntoShell) {
    return named.some((name) => /^http:\/\//.test(name))
      ? [{ words: 'runs a program from the net that nothing vouches for', quote, severity: 'error' }]
      : [{ words: 'runs a program from the net unseen', quote, severity: 'warning' }];
  }
  if (program === 'git' && rest[0] === 'push' && /(?:^| )(?:-\w*f\b|--force(?!-with-lease|-if))/.test(flags)) {
    return [{ words: 'overwrites what others may have pushed', quote, severity: 'warning' }];
  }
  const at = /^(?:psql|mysql|mariadb|sqlite3|sqlite|duckdb)$/.test(program) ? rest : [];
  return at.flatMap((word) => sqlDangers(word));
}

/** SQL without comments and quoted words, statement by statement. */
function sqlDangers(sql: string): Danger[] {
  const plain = sql
    .slice(0, 20_000)
    .replace(/--[^\n]*/g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''");
  return plain.split(';').flatMap((statement): Danger[] => {
    const quote = statement.replace(/\s+/g, ' ').trim().slice(0, 100);
    if (/^(?:drop\s+(?:table|database|schema)\s+(?!if\b)|truncate\s)/i.test(quote)) {
      return [{ words: 'throws a whole table or database away', quote, severity: 'error' }];
    }
    if (/^(?:delete\s+from\s+\S+|update\s+\S+\s+set\b)/i.test(quote) && !/\b(?:where|limit|using)\b/i.test(statement)) {
      return [{ words: 'changes every row of a table', quote, severity: 'error' }];
    }
    if (/^grant\s+all\b/i.test(quote)) return [{ words: 'grants all rights', quote, severity: 'warning' }];
    return [];
  });
}

const SQL_TOOL = /^(?:sql|db|database|postgres(?:ql)?|mysql|sqlite|mariadb|bigquery|snowflake|duckdb)$/;

function sqlOf(action: Action): string | undefined {
  const named = wordsOfName(action.tool).some((word) => SQL_TOOL.test(word));
  const keys = named ? ['sql', 'statement', 'query', 'command'] : ['sql', 'statement'];
  return keys.map((key) => asText(field(action.arguments, key))).find((text) => text !== undefined);
}

const CODE_TOOL = /^(?:python|ipython|jupyter|notebook|repl|node|javascript|interpreter|code)$/;

function codeOf(action: Action): string | undefined {
  if (!wordsOfName(action.tool).some((word) => CODE_TOOL.test(word))) return undefined;
  return ['code', 'script', 'source', 'input'].map((key) => asText(field(action.arguments, key))).find(Boolean);
}

const SYSTEM_CALL =
  /\b(?:os\.system|subprocess\.(?:run|call|Popen|check_\w+)|execSync|exec)\(\s*(?:f|r)?(["'])((?:(?!\1)[^\\\n]|\\.){1,500})\1/g;
const WHOLE_TREE = /\b(?:shutil\.rmtree|rmSync|rmdirSync)\(\s*["'](?:\/|~|\/(?:etc|usr|home|root|var)\/?)["']/;

function codeDangers(code: string): Danger[] {
  const text = code.slice(0, 20_000);
  const dangers = [...text.matchAll(SYSTEM_CALL)].flatMap(([, , line = '']) => shellDangers(line));
  const tree = WHOLE_TREE.exec(text);
  if (tree !== null)
    dangers.push({ words: 'deletes a whole system or home folder', quote: tree[0], severity: 'error' });
  return dangers;
}
