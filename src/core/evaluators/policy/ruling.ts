import { notApplicable, statusOf } from '../shared/conclude.ts';
import type { Finding, Severity, Verdict, VerdictStatus } from '../verdict.ts';
import type { Policy } from './policy.ts';

/** What the policy says of an evaluator, if anything. */
function settingsOf(policy: Policy | undefined, evaluator: string) {
  const { evaluators } = policy ?? {};
  return evaluators !== undefined && Object.hasOwn(evaluators, evaluator) ? evaluators[evaluator] : undefined;
}

export function isTurnedOff(policy: Policy | undefined, evaluator: string): boolean {
  return settingsOf(policy, evaluator)?.severity === 'off';
}

/** The number that the policy sets for an evaluator, else `otherwise`. */
export function thresholdOf(policy: Policy | undefined, evaluator: string, otherwise: number): number {
  return settingsOf(policy, evaluator)?.threshold ?? otherwise;
}

/** A verdict as the policy wants it: off, or with its errors and warnings of another severity. */
export function ruled(policy: Policy | undefined, verdict: Verdict): Verdict {
  const severity = settingsOf(policy, verdict.evaluator)?.severity;
  if (severity === undefined) return verdict;
  if (severity === 'off') return { evaluator: verdict.evaluator, ...notApplicable('Turned off by the policy.') };
  if (verdict.status !== 'fail' && verdict.status !== 'warn') return verdict;
  const findings = verdict.findings.map((finding) => withSeverity(finding, severity));
  const status = findings.length > 0 ? statusOf(findings) : STATUS[severity];
  return { ...verdict, findings, status };
}

const STATUS: Readonly<Record<Severity, VerdictStatus>> = { error: 'fail', warning: 'warn', information: 'pass' };

function withSeverity(finding: Finding, severity: Severity): Finding {
  return finding.severity === 'information' ? finding : { ...finding, severity };
}
