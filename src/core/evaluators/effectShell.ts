import { effectOfSql } from './effectSql.ts';
import type { Classified, Effect } from './effects.ts';
import { commandsOf, type ShellCommand } from './shared/shell.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const READS = set(
  `ls cat grep egrep fgrep rg ag find fd head tail less more wc sort uniq cut tr awk echo printf pwd cd which whoami id
  date env printenv file stat du df tree diff cmp ps top free uname hostname type man jq yq xxd hexdump strings md5sum
  sha256sum basename dirname realpath readlink test [ true false sleep nl column seq history export set source . ping
  nslookup dig sed bat clear`,
);
const WRITES = set(
  `mv cp mkdir touch tee chmod chown ln patch pip pip3 npm yarn pnpm apt apt-get brew cargo make unzip tar kill pkill
  killall systemctl service crontab useradd install rsync scp wget`,
);
const DESTROYS = set('rm rmdir unlink shred dd mkfs truncate wipefs shutdown reboot halt sendmail mail mailx');
const SQL_CLIENTS = set('psql mysql mariadb sqlite3 sqlite duckdb');

/** Sub-commands of programs that do many things; `*` is the rest. */
const SUBCOMMANDS: Readonly<Record<string, readonly [RegExp, Effect][]>> = {
  git: [
    [/^push\b/, 'irreversible'],
    [/^reset .*--hard/, 'irreversible'],
    [/^clean .*-\w*f/, 'irreversible'],
    [/^branch .*-D\b/, 'irreversible'],
    [
      /^(?:status|log|diff|show|grep|blame|branch|remote|rev-parse|ls-files|ls-tree|describe|config --get|shortlog)\b/,
      'read',
    ],
    [/^/, 'write'],
  ],
  kubectl: [
    [/^(?:delete|drain)\b/, 'irreversible'],
    [/^(?:get|describe|logs|top|explain|diff)\b/, 'read'],
    [/^/, 'write'],
  ],
  docker: [
    [/^(?:rm|rmi|system prune|volume rm|volume prune|push)\b/, 'irreversible'],
    [/^(?:ps|images|logs|inspect|stats|version|info)\b/, 'read'],
    [/^/, 'write'],
  ],
  terraform: [
    [/^(?:destroy|apply)\b/, 'irreversible'],
    [/^(?:plan|show|validate|output)\b/, 'read'],
    [/^/, 'write'],
  ],
  gh: [
    [/^(?:pr merge|repo delete|release (?:create|delete)|issue delete)\b/, 'irreversible'],
    [/^\w+ (?:list|view|status|diff|checks)\b/, 'read'],
    [/^/, 'write'],
  ],
  aws: [
    [/^s3 (?:rm|rb)\b|^\S+ (?:delete|terminate|remove)-/, 'irreversible'],
    [/^s3 ls\b|^\S+ (?:get|list|describe)-/, 'read'],
    [/^/, 'write'],
  ],
  npm: [
    [/^(?:publish|unpublish)\b/, 'irreversible'],
    [/^(?:ls|list|view|outdated|audit)\b/, 'read'],
    [/^(?:test|run|start)\b/, 'unknown'],
    [/^/, 'write'],
  ],
  cargo: [
    [/^(?:publish|yank)\b/, 'irreversible'],
    [/^(?:check|tree|metadata|search)\b/, 'read'],
    [/^(?:test|run|build)\b/, 'unknown'],
    [/^/, 'write'],
  ],
  twine: [[/^upload\b/, 'irreversible']],
  apt: [
    [/^(?:list|show|search)\b/, 'read'],
    [/^/, 'write'],
  ],
  pip: [
    [/^(?:list|show|freeze|check)\b/, 'read'],
    [/^/, 'write'],
  ],
};

const RANK: readonly Effect[] = ['read', 'unknown', 'write', 'irreversible'];

/** The gravest effect of the commands on a shell line. Only the words of commands count, never text that they carry. */
export function effectOfShell(line: string): Classified {
  let gravest: Classified = { effect: 'read', because: 'its commands only read' };
  const commands = commandsOf(line);
  if (commands.length === 0) return { effect: 'unknown', because: 'its command is empty' };
  for (const command of commands) {
    const found = effectOfCommand(command);
    if (RANK.indexOf(found.effect) > RANK.indexOf(gravest.effect)) gravest = found;
  }
  return gravest;
}

function effectOfCommand({ words }: ShellCommand): Classified {
  const [program = '', ...rest] = words;
  const inner = innerLine(program, rest);
  if (inner !== undefined) return effectOfShell(inner);
  const because = `its command runs ${[program, ...rest].slice(0, 2).join(' ').slice(0, 40)}`;
  const own = effectOfProgram(program, rest);
  if (own === 'irreversible') return { effect: own, because };
  if (rest.some(redirects)) return { effect: 'write', because: 'its command writes to a file' };
  return { effect: own, because };
}

function effectOfProgram(program: string, rest: readonly string[]): Effect {
  if (DESTROYS.has(program)) return 'irreversible';
  if (SQL_CLIENTS.has(program)) {
    const found = rest.map(effectOfSql).filter((effect) => effect !== undefined);
    return found.at(-1)?.effect ?? 'unknown';
  }
  if (program === 'curl' || program === 'http') return effectOfCurl(rest);
  if (program === 'find' && rest.includes('-delete')) return 'irreversible';
  if (program === 'find' && rest.some((word) => word.startsWith('-exec')) && rest.includes('rm')) return 'irreversible';
  if (program === 'sed' && rest.some((word) => /^-\w*i/.test(word) || word === '--in-place')) return 'write';
  const subcommands = Object.hasOwn(SUBCOMMANDS, program) ? SUBCOMMANDS[program] : undefined;
  if (subcommands !== undefined) {
    const said = withoutOptions(program, rest).join(' ');
    return subcommands.find(([pattern]) => pattern.test(said))?.[1] ?? 'unknown';
  }
  if (WRITES.has(program)) return 'write';
  return READS.has(program) ? 'read' : 'unknown';
}

/** The sub-command first: `git -C dir push` and `git push` are the same. */
function withoutOptions(program: string, rest: readonly string[]): readonly string[] {
  if (program !== 'git' || (rest[0] !== '-C' && rest[0] !== '-c')) return rest.filter((word) => word !== '--no-pager');
  return rest.slice(2);
}

function effectOfCurl(rest: readonly string[]): Effect {
  const at = rest.findIndex((word) => word === '-X' || word === '--request');
  const joined = rest.map((word) => /^(?:-X|--request=)([A-Z]+)$/.exec(word)?.[1]).find(Boolean);
  const method = joined ?? (at >= 0 ? rest[at + 1] : rest.find((word) => /^(?:GET|POST|PUT|PATCH|DELETE)$/.test(word)));
  if (method === 'DELETE') return 'irreversible';
  if (method === 'POST' || method === 'PUT' || method === 'PATCH') return 'write';
  return method === undefined && rest.some((word) => /^(?:-d|--data\S*|-F|--form|-T|--json)$/.test(word))
    ? 'write'
    : 'read';
}

/** The line that `bash -c`, `ssh host`, `xargs` or `timeout 5` runs. */
function innerLine(program: string, rest: readonly string[]): string | undefined {
  if (/^(?:ba|z|da)?sh$/.test(program)) {
    const at = rest.findIndex((word) => /^-\w*c$/.test(word));
    return at >= 0 ? rest[at + 1] : undefined;
  }
  if (program === 'ssh' && rest.length > 1) return rest.at(-1);
  if (program === 'xargs')
    return rest
      .slice(
        Math.max(
          0,
          rest.findIndex((word) => /^[a-z]/.test(word)),
        ),
      )
      .join(' ');
  if (program === 'timeout') return rest.slice(1).join(' ');
  return undefined;
}

/** `> file`, `>> file`, `&> file`; not `2>&1` nor anything to /dev/null. */
function redirects(word: string, index: number, words: readonly string[]): boolean {
  const target = /^(?:\d|&)?>{1,2}(?:\|)?(.*)$/.exec(word)?.[1];
  if (target === undefined) return false;
  const file = target === '' ? (words[index + 1] ?? '') : target;
  return file !== '' && !file.startsWith('&') && !/^\/dev\/(?:null|stderr|stdout)$/.test(file);
}
