import { counted } from '../evaluators/shared/wording.ts';
import { wellFormed } from '../util/wellFormed.ts';
import {
  countByStatus,
  gravest,
  type JudgedRun,
  type JudgedTrace,
  type JudgedVerdict,
  type VerdictReport,
  type VerdictWriter,
} from './report.ts';

/** A summary for a pull request: how many runs failed, and a line for each verdict that a person should look at. */
export const markdownVerdicts: VerdictWriter = {
  id: 'markdown',
  title: 'Markdown summary',
  extension: '.verdicts.md',
  write: (report) => {
    const runs = report.traces.flatMap((trace) => trace.runs.map((run) => ({ trace, run })));
    const rows = runs.flatMap(({ trace, run }) => rowsOf(report, trace, run)).sort((a, b) => a.order - b.order);
    const left = rows.length - MOST_ROWS;
    return [
      '### Hindstep',
      '',
      summaryOf(runs.map(({ run }) => run)),
      ...(rows.length === 0 ? [] : ['', '| | Run | Step | Finding |', '|---|---|---|---|']),
      ...rows.slice(0, MOST_ROWS).map(({ text }) => text),
      ...(left > 0 ? ['', `… and ${counted(left, 'more verdict')}.`] : []),
      '',
    ].join('\n');
  },
};

const MOST_ROWS = 30;
const LONGEST = 200;
const WORDS = { fail: '**fail**', warn: 'warn', error: 'not judged' } as const;
const ORDER = { fail: 0, error: 1, warn: 2 } as const;

function summaryOf(runs: readonly JudgedRun[]): string {
  const failed = runs.filter(({ verdicts }) => verdicts.some(({ status }) => status === 'fail')).length;
  const { pass, fail, warn, na, error } = countByStatus(runs);
  const counts = [
    `${fail} failed`,
    `${warn} warned`,
    `${pass} passed`,
    `${na} had nothing to judge by`,
    ...(error > 0 ? [`${error} could not judge`] : []),
  ].join(', ');
  return `**${failed} of ${counted(runs.length, 'run')} failed.** Of ${counted(pass + fail + warn + na + error, 'verdict')}, ${counts}.`;
}

function rowsOf(report: VerdictReport, trace: JudgedTrace, run: JudgedRun): { order: number; text: string }[] {
  const said = run.verdicts.flatMap((verdict) => {
    const { status } = verdict;
    return status === 'fail' || status === 'warn' || status === 'error' ? [{ verdict, status }] : [];
  });
  return said.map(({ verdict, status }) => ({
    order: ORDER[status],
    text: `| ${WORDS[status]} | ${runLink(report, trace, run)} | ${stepLink(report, trace, run, verdict)} | ${findingText(verdict)} |`,
  }));
}

function findingText(verdict: JudgedVerdict): string {
  const words = gravest(verdict)?.message ?? verdict.reason;
  const more = verdict.findings.length - 1;
  return `${plain(verdict.evaluator)}: ${plain(words)}${more > 0 ? ` (and ${more} more)` : ''}`;
}

function runLink(report: VerdictReport, trace: JudgedTrace, run: JudgedRun): string {
  const several = trace.runs.length > 1 ? ` · ${plain(run.id)}` : '';
  return `[${plain(trace.path)}](${address(report, trace.path)})${several}`;
}

function stepLink(report: VerdictReport, trace: JudgedTrace, run: JudgedRun, verdict: JudgedVerdict): string {
  const step = gravest(verdict)?.step;
  if (step === undefined) return '';
  const line = run.steps.get(step)?.region?.startLine;
  // `plain=1`: without it a host that renders JSON or Markdown shows no lines.
  return line === undefined ? `${step + 1}` : `[${step + 1}](${address(report, trace.path)}?plain=1#L${line})`;
}

function address({ linkBase = '' }: VerdictReport, path: string): string {
  const encoded = wellFormed(path)
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join('/');
  return `${linkBase}${encoded}`;
}

/** What means something inside a line, and what makes a link of a bare address. */
const MARKUP = /[\\`*_{}[\]()<>#!|~&@$]|:(?=\/\/)|(?<=www)\.|(?<=\bGH)-(?=\d)/gi;

/**
 * Text of a trace as text and nothing else, in one line: no markup, no HTML, no link, and nobody is mentioned (`@` and
 * `#` are taken for names and issues after the markup is read, so that only an invisible joiner behind them helps).
 */
function plain(text: string): string {
  const flat = wellFormed(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    // Marks that turn the direction of writing could show another text than there is.
    .replace(/\p{Cf}/gu, '')
    .trim();
  const short = flat.length <= LONGEST ? flat : `${wellFormed(flat.slice(0, LONGEST - 1))}…`;
  return short.replace(MARKUP, (mark) => ('@#-'.includes(mark) ? `\\${mark}\u2060` : `\\${mark}`));
}
