import { lexer, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { HOSTILE, hostileReport } from '../../../test/support/hostileReport.ts';
import { markdownVerdicts } from './markdown.ts';
import type { VerdictReport } from './report.ts';

function tokensOf(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token): Token[] => {
    const inner: Token[] = [...('tokens' in token ? (token.tokens ?? []) : [])];
    if (token.type === 'table') {
      for (const row of [token.header, ...token.rows]) for (const cell of row) inner.push(...cell.tokens);
    }
    return [token, ...tokensOf(inner)];
  });
}

/** The report with one trace and one text only. */
const only = (index: number): VerdictReport => {
  const report = hostileReport();
  return { ...report, traces: report.traces.slice(index, index + 1) };
};

describe('a text of the trace', () => {
  it.each(HOSTILE.map((text, i) => [text, i] as const))('%j is text and nothing else', (_text, i) => {
    const text = markdownVerdicts.write(only(i));
    const tokens = tokensOf(lexer(text, { gfm: true }));
    const kinds = new Set(tokens.map(({ type }) => type));
    expect(
      [...kinds].filter((kind) =>
        ['html', 'image', 'codespan', 'code', 'del', 'list', 'blockquote', 'br'].includes(kind),
      ),
    ).toEqual([]);
    const addresses = tokens.flatMap((token) => (token.type === 'link' ? [String(token.href)] : []));
    for (const address of addresses) expect(address).toMatch(/^[\w.~%/-]+(?:\?plain=1#L3)?$/);
    const table = tokens.find(({ type }) => type === 'table');
    expect(table).toMatchObject({ rows: { length: 30 } });
    expect(text).not.toMatch(/[@#](?=[\w])(?!L3)/);
    for (const mark of ['\u202e', '\u0000', '\u001b', '\r']) expect(text).not.toContain(mark);
  });
});

it('counts what was judged, and is short', () => {
  const text = markdownVerdicts.write(hostileReport());
  const all = HOSTILE.length ** 2;
  expect(text).toContain(`**${HOSTILE.length} of ${HOSTILE.length} runs failed.**`);
  expect(text).toContain(
    `Of ${all * 5} verdicts, ${all} failed, ${all} warned, ${all} passed, ${all} had nothing to judge by`,
  );
  expect(text).toContain(`… and ${all * 3 - 30} more verdicts.`);
});

it('links to the lines of a step, from a base where there is one', () => {
  const report = { ...only(13), linkBase: 'https://host.example/team/repository/blob/abc/' };
  expect(markdownVerdicts.write(report)).toContain(
    '[2](https://host.example/team/repository/blob/abc/__proto__.json?plain=1#L3)',
  );
});

it('says in a sentence that nothing failed', () => {
  expect(markdownVerdicts.write({ version: '0', traces: [] })).toBe(
    '### Hindstep\n\n**0 of 0 runs failed.** Of 0 verdicts, 0 failed, 0 warned, 0 passed, 0 had nothing to judge by.\n',
  );
});
