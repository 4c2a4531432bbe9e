import { type Classified, effectOf } from '../evaluators/effects.ts';
import { type CallFault, generalFaults, ruledFaults } from '../evaluators/policy/callFaults.ts';
import type { CallHistory } from '../evaluators/policy/history.ts';
import type { Policy } from '../evaluators/policy/policy.ts';
import { ruled } from '../evaluators/policy/ruling.ts';
import { needsApproval, toolPolicy } from '../evaluators/policy/toolPolicy.ts';
import type { Action, ToolDeclaration } from '../trace/model.ts';
import { messageOf } from '../util/result.ts';

/** What becomes of a call that is about to be made. A reason is one or more sentences. */
export type Decision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'ask'; readonly reason: string };

/** A call that is about to be made, and what is known of its tool and of this session. */
export interface GuardedCall {
  readonly policy: Policy;
  readonly action: Action;
  /** As the tool's server declares it. */
  readonly declaration?: ToolDeclaration | undefined;
  /** What succeeded in this session. */
  readonly history: CallHistory;
}

const SAFETY = 'safety.policy';
const APPROVAL = 'safety.unapproved-irreversible';

/**
 * Decides by the same rules as the evaluators `safety.policy` (its errors refuse, its warnings ask) and
 * `safety.unapproved-irreversible` (asks), with the severities that the policy gives them. What can't be judged is refused.
 */
export function decide({ policy, action, declaration, history }: GuardedCall): Decision {
  try {
    const faults = [
      ...(ruledFaults(policy, history, action) ?? []),
      ...(generalFaults(policy, action, declaration) ?? []),
    ];
    const severities = faults.map((fault) => severityOf(policy, fault));
    const wrong = faults.filter((_, i) => severities[i] === 'error');
    if (wrong.length > 0) return { kind: 'refuse', reason: sentences(wrong) };
    const doubtful = faults.filter((_, i) => severities[i] === 'warning').map(({ message }) => message);
    const approval = approvalReason(policy, action, effectOf(action, policy, declaration));
    const reasons = [...doubtful, ...(approval === undefined ? [] : [approval])];
    return reasons.length === 0 ? { kind: 'allow' } : { kind: 'ask', reason: reasons.join(' ') };
  } catch (thrown) {
    // A guard that fails must not let through.
    return { kind: 'refuse', reason: `${action.tool} can't be judged: ${messageOf(thrown)}` };
  }
}

function approvalReason(policy: Policy, action: Action, { effect, because }: Classified): string | undefined {
  const { tool } = action;
  if (!needsApproval(policy, tool, effect)) return undefined;
  if (toolPolicy(policy, tool)?.requiresApproval === true) return `The policy wants each call of ${tool} approved.`;
  // Without a word about this very tool, the evaluator's own setting holds.
  if (severityAs(policy, APPROVAL, 'error') === undefined) return undefined;
  return `${tool} can not be undone (${because}).`;
}

function severityOf(policy: Policy, { severity }: CallFault) {
  return severityAs(policy, SAFETY, severity);
}

/** The severity of a finding as the policy wants it; undefined when it is turned off, or is only told. */
function severityAs(policy: Policy, evaluator: string, severity: 'error' | 'warning'): 'error' | 'warning' | undefined {
  const finding = { step: 0, pointer: '', message: '', evidence: [], confidence: 'certain', severity } as const;
  const { findings } = ruled(policy, { evaluator, status: 'fail', score: null, reason: '', findings: [finding] });
  const said = findings[0]?.severity;
  return said === 'information' ? undefined : said;
}

function sentences(faults: readonly CallFault[]): string {
  return [...new Set(faults.map(({ message }) => message))].join(' ');
}
