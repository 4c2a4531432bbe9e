import { readPolicy } from '../../evaluators/policy/readPolicy.ts';
import { namesTool, toolPolicy } from '../../evaluators/policy/toolPolicy.ts';
import { bareToolName } from '../../evaluators/shared/toolNames.ts';
import { err, ok, type Result } from '../../util/result.ts';
import { addValue } from './addValue.ts';

/** What keeps a call from being made again: a person is asked, never, or only so often in a run. */
export type GuardRule =
  | { readonly kind: 'approval'; readonly tool: string }
  | { readonly kind: 'deny'; readonly tool: string }
  | { readonly kind: 'once'; readonly tool: string; readonly most: number };

export const RULE_KINDS = ['approval', 'deny', 'once'] as const satisfies GuardRule['kind'][];

/** The rule that fits a finding: what was done twice is done once, for all else a person is asked. */
export function kindFor(evaluator: string | undefined): GuardRule['kind'] {
  return evaluator === 'safety.duplicate-effect' ? 'once' : 'approval';
}

/** A rule in words, to end a sentence: `each call of cancel_order is put to a person`. */
export function ruleWords(rule: GuardRule): string {
  switch (rule.kind) {
    case 'approval':
      return `each call of ${rule.tool} is put to a person`;
    case 'deny':
      return `${rule.tool} is never called`;
    case 'once':
      return `at most ${rule.most === 1 ? 'one call' : `${rule.most} calls`} of ${rule.tool} in a run may succeed`;
  }
}

/**
 * The text of a policy with the rule in it; comments and all else stay. The same text where it has the rule already. An
 * error sentence where it says the opposite, or is not understood: that is for a person to change.
 */
export function withRule(text: string, rule: GuardRule): Result<string> {
  const { policy, problems } = readPolicy(text);
  const [problem] = problems;
  if (problem !== undefined) {
    return err(`The policy has to be right first, at ${problem.line}:${problem.column}: ${problem.message}`);
  }
  // The rule holds for the tool wherever it comes from.
  const name = Object.hasOwn(policy.tools ?? {}, rule.tool) ? rule.tool : bareToolName(rule.tool);
  const stands = toolPolicy(policy, rule.tool);
  switch (rule.kind) {
    case 'deny': {
      const { deny } = policy;
      if (namesTool(deny ?? [], rule.tool)) return ok(text);
      return ok(deny === undefined ? addValue(text, ['deny'], [name]) : addValue(text, ['deny', deny.length], name));
    }
    case 'approval':
      if (stands?.requiresApproval === true) return ok(text);
      if (stands?.requiresApproval === false) {
        return err(
          `The policy says that ${name} needs no approval ("requiresApproval": false). Change that by hand first.`,
        );
      }
      return ok(addValue(text, ['tools', name, 'requiresApproval'], true));
    case 'once': {
      const most = stands?.mostCalls;
      if (most !== undefined && most <= rule.most) return ok(text);
      if (most !== undefined) {
        return err(
          `The policy grants ${most} calls of ${name} ("mostCalls"). Change that to ${rule.most} by hand first.`,
        );
      }
      return ok(addValue(text, ['tools', name, 'mostCalls'], rule.most));
    }
  }
}

/** A policy that says nothing yet. */
export const EMPTY_POLICY = '{\n}\n';

/** The lines that an edit adds, each with the number that it has then, from 1. */
export function addedLines(before: string, after: string): { readonly line: number; readonly text: string }[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  // A line that only got a comma was there before.
  while (start < old.length && withoutComma(old[start]) === withoutComma(now[start])) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return now.slice(start, now.length - end).map((text, i) => ({ line: start + i + 1, text }));
}

function withoutComma(line: string | undefined): string | undefined {
  return line?.replace(/,(?=\s*(?:\/\/.*)?$)/, '');
}
