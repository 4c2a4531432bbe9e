import type { Conclusion } from '../evaluator.ts';
import type { Finding, VerdictStatus } from '../verdict.ts';

/** An evaluator keeps this many findings; a run with more is told by these, and memory stays bounded. */
export const MOST_FINDINGS = 200;

/** `fail` with an error among the findings, `warn` with a warning, else `pass`: information fails nothing. */
export function statusOf(findings: readonly Finding[]): VerdictStatus {
  if (findings.some((finding) => finding.severity === 'error')) return 'fail';
  return findings.some((finding) => finding.severity === 'warning') ? 'warn' : 'pass';
}

/** "Not applicable", with why and, where it helps, what it would need. */
export function notApplicable(reason: string): Conclusion {
  return { status: 'na', score: null, reason, findings: [] };
}

/** The verdict over findings: its score is the share of `checked` things that no finding (but for information) flags. */
export function conclude(findings: readonly Finding[], checked: number, reason: string): Conclusion {
  const flagged = findings.filter((finding) => finding.severity !== 'information').length;
  const score = checked === 0 ? null : Math.max(0, 1 - flagged / checked);
  return { status: statusOf(findings), score, reason, findings };
}
