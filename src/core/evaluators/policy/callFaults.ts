import type { Action, ToolDeclaration } from '../../trace/model.ts';
import { dangersOf } from '../shared/dangerousCommands.ts';
import { hostsOf, isHostOf } from '../shared/hosts.ts';
import { quoted } from '../shared/say.ts';
import { isOpenWorld, sentSecrets } from '../shared/sentSecrets.ts';
import type { Finding } from '../verdict.ts';
import { breachesOf } from './argumentRules.ts';
import type { CallHistory } from './history.ts';
import type { Policy } from './policy.ts';
import { namesTool, toolPolicy } from './toolPolicy.ts';

// What is wrong with a call: said by safety.policy of a recorded one, and by the guard of one that is about to be made.

export interface CallFault {
  /** JSON pointer into the arguments; absent for the call as a whole. */
  readonly pointer?: string;
  /** A sentence. */
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly confidence: Finding['confidence'];
  readonly severity: 'error' | 'warning';
}

/** What the policy says of a call after those of `history`; undefined when it has no rules that could concern one. */
export function ruledFaults(policy: Policy, history: CallHistory, action: Action): CallFault[] | undefined {
  const { deny, allow, hosts, tools } = policy;
  if (deny === undefined && allow === undefined && hosts === undefined && tools === undefined) return undefined;
  const { tool } = action;
  const certain = { confidence: 'certain', severity: 'error' } as const;
  const faults: CallFault[] = [];
  if (namesTool(deny ?? [], tool)) {
    faults.push({ message: `${tool} is a tool that the policy denies.`, expected: `no call of ${tool}`, ...certain });
  } else if (allow !== undefined && !namesTool(allow, tool)) {
    faults.push({ message: `${tool} is none of the tools that the policy allows.`, actual: tool, ...certain });
  }
  const rules = toolPolicy(policy, tool);
  const early = rules === undefined ? undefined : history.problemOf(action, rules);
  if (early !== undefined) faults.push({ message: `${tool} ${early.words}.`, expected: early.expected, ...certain });
  if (rules?.arguments !== undefined && action.argumentsRecorded) {
    for (const { words, ...breach } of breachesOf(action, rules.arguments)) {
      faults.push({ message: `${tool}: ${words}.`, ...breach, ...certain });
    }
  }
  if (hosts !== undefined) {
    for (const { host, pointer } of hostsOf(action)) {
      const denied = isHostOf(hosts.deny ?? [], host);
      if (!denied && (hosts.allow === undefined || isHostOf(hosts.allow, host))) continue;
      const message = `${tool} is pointed at ${host}, which the policy ${denied ? 'denies' : 'does not allow'}.`;
      faults.push({ pointer, message, actual: host, ...certain });
    }
  }
  return faults;
}

/** What is wrong with a call whatever the policy; undefined for a tool that can do no such harm. */
export function generalFaults(
  policy: Policy,
  action: Action,
  declaration: ToolDeclaration | undefined,
): CallFault[] | undefined {
  const dangers = dangersOf(action);
  const outward = isOpenWorld(action, toolPolicy(policy, action.tool)?.openWorld, declaration);
  if (dangers === undefined && !outward) return undefined;
  const faults = (dangers ?? []).map(
    ({ words, quote, severity }): CallFault => ({
      message: `The command ${quoted(quote, 60)} ${words}.`,
      actual: quote,
      confidence: 'likely',
      severity,
    }),
  );
  for (const { pointer, kind, certain } of outward ? sentSecrets(action) : []) {
    const what = kind.toLowerCase().replaceAll('_', ' ');
    faults.push({
      pointer,
      message: `${action.tool} sends out what looks like a secret (${what}).`,
      expected: 'no secret in what leaves your systems',
      confidence: certain ? 'likely' : 'heuristic',
      severity: certain ? 'error' : 'warning',
    });
  }
  return faults;
}
