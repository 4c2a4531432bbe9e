import type { Classified, Effect } from './effects.ts';

const STATEMENTS: readonly [RegExp, Effect][] = [
  [/^(?:select|show|describe|desc|explain|pragma|values|table)\b/i, 'read'],
  [/^(?:delete\s+from|drop\s+\w+|truncate\b|grant\b|revoke\b)/i, 'irreversible'],
  [
    /^(?:insert\s+(?:or\s+\w+\s+)?into|update\s+\S+|merge\s+into|replace\s+into|create\s+\w+|alter\s+\w+|copy\s)/i,
    'write',
  ],
];
const RANK: readonly Effect[] = ['read', 'unknown', 'write', 'irreversible'];

/** The gravest statement of SQL text, or undefined when it starts like no SQL. Words in strings and comments don't count. */
export function effectOfSql(text: string): Classified | undefined {
  const bare = text.replace(/'(?:[^']|'')*'/g, "''").replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  let gravest: Classified | undefined;
  for (const statement of bare.split(';')) {
    const found = effectOfStatement(statement.trim());
    if (found === undefined) continue;
    if (gravest === undefined || RANK.indexOf(found.effect) > RANK.indexOf(gravest.effect)) gravest = found;
  }
  return gravest;
}

function effectOfStatement(statement: string): Classified | undefined {
  // What a common table expression leads to is what the statement does.
  const main = /^with\b/i.test(statement)
    ? (/\b(?:delete\s+from|update\s+\S+\s+set|insert\s+into|merge\s+into)\b[\s\S]*/i.exec(statement)?.[0] ?? 'select')
    : statement;
  for (const [pattern, effect] of STATEMENTS) {
    const verb = pattern.exec(main)?.[0];
    if (verb !== undefined) return { effect, because: `its SQL says ${verb.toUpperCase().replace(/\s+/g, ' ')}` };
  }
  return undefined;
}
