import type { VerdictStatus } from '../../src/core/evaluators/verdict.ts';
import type { JudgedVerdict, VerdictReport } from '../../src/core/verdictFiles/report.ts';

/** Texts that would be markup, links, mentions, commands or nothing that can be written, if they were taken for more than text. */
export const HOSTILE = [
  `</testcase><testcase name="forged"/>`,
  `]]><!ENTITY x SYSTEM "file:///etc/passwd">&x;`,
  '" onload="alert(1)',
  '<img src=x onerror=alert(1)> <script>alert(1)</script>',
  '| a | b |\n|---|---|\n| forged | row |',
  '[click](https://evil.example) ![p](https://evil.example/p.png) <https://evil.example> https://evil.example www.evil.example',
  '@everyone please approve #1 GH-1 owner@evil.example',
  '`code` **bold** ~~struck~~ # heading\n- list\n> quote\n\n    code',
  '[link](1) [link](https://evil.example) {0} {{1}} \\',
  '\u0000\u0001\b\u000b\u001b[31mred\u007f\u0085\u2028\u2029\ufffe\uffff',
  '\ud800 alone \udc00 \ud83d\ude00',
  '\u202egnirts desrever\u202c \u200b\ufeff',
  '::error file=x::forged workflow command',
  '__proto__',
  '\r\n\t leading',
  '&lt;already&amp;escaped&gt;',
] as const;

const STATUSES: readonly VerdictStatus[] = ['pass', 'fail', 'warn', 'na', 'error'];

/** A report in which every text of the trace is hostile; each text with each status. */
export function hostileReport(): VerdictReport {
  const region = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 };
  const verdicts = HOSTILE.flatMap((text, i) =>
    STATUSES.map(
      (status): JudgedVerdict => ({
        evaluator: `hostile-${i}.${status}`,
        title: text,
        status,
        score: status === 'na' || status === 'error' ? null : 0.5,
        reason: text,
        fingerprint: 'ab'.repeat(32),
        findings:
          status === 'fail' || status === 'warn'
            ? [
                {
                  step: 1,
                  pointer: `/actions/0/arguments/${text}`,
                  message: text,
                  evidence: [{ step: 0, quote: text }],
                  expected: text,
                  actual: text,
                  confidence: 'likely',
                  severity: 'error',
                  fingerprint: 'cd'.repeat(32),
                  region,
                },
              ]
            : [],
      }),
    ),
  );
  return {
    version: '0.0.0',
    traces: HOSTILE.map((text) => ({
      path: `${text}.json`,
      sha256: 'ef'.repeat(32),
      size: 10,
      format: 'made',
      runs: [
        {
          id: text,
          title: text,
          stepCount: 2,
          verdicts,
          rollUps: [],
          suspects: [{ step: 1, score: 1, reason: text, evaluators: ['hostile-0.fail'] }],
          steps: new Map(
            [0, 1].map((index) => [
              index,
              { index, id: text, kind: 'action' as const, depth: 0, words: text, startTime: 1, region },
            ]),
          ),
        },
      ],
    })),
  };
}
