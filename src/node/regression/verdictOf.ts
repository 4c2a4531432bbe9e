import type { Finding, Verdict } from '../../core/evaluators/verdict.ts';

const GRAVITY = { error: 2, warning: 1, information: 0 };

/** What the evaluators say of a step: the gravest finding that points at it. */
export function verdictOf(
  verdicts: readonly Verdict[],
  step: number,
): { evaluator: string; reason: string; finding: Finding } | undefined {
  const all = verdicts
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .flatMap(({ evaluator, findings }) => findings.map((finding) => ({ evaluator, finding })))
    .filter(({ finding }) => finding.step === step)
    .sort((a, b) => GRAVITY[b.finding.severity] - GRAVITY[a.finding.severity]);
  const [first] = all;
  return first && { ...first, reason: first.finding.message };
}
