import picomatch from 'picomatch';
import type { EvaluatorPolicy, Policy, PolicyFile, ToolPolicy } from './policy.ts';

/**
 * The policy that holds for a trace. `path` is the trace's, relative to the folder of the policy file, with `/`. An
 * override that matches adds to what holds everywhere: tools, prices and evaluators one by one, of each its fields; budgets,
 * hosts and stop conditions field by field; lists are replaced.
 */
export function policyFor({ overrides = [], ...base }: PolicyFile, path: string): Policy {
  let policy: Policy = base;
  for (const { files = [], ...more } of overrides) {
    if (files.some((glob) => picomatch.isMatch(path, glob, { dot: true, windows: false }))) {
      policy = merged(policy, more);
    }
  }
  return policy;
}

function merged(base: Policy, more: Policy): Policy {
  return {
    ...base,
    ...more,
    ...(base.hosts && { hosts: { ...base.hosts, ...more.hosts } }),
    ...(base.stop && { stop: { ...base.stop, ...more.stop } }),
    ...(base.budgets && { budgets: { ...base.budgets, ...more.budgets } }),
    ...(base.tools && { tools: mergedEach<ToolPolicy>(base.tools, more.tools) }),
    ...(base.evaluators && { evaluators: mergedEach<EvaluatorPolicy>(base.evaluators, more.evaluators) }),
    ...(base.prices && { prices: { ...base.prices, ...more.prices } }),
  };
}

/** Of each name the fields of both; `__proto__` is a name like others. */
function mergedEach<T>(base: Readonly<Record<string, T>>, more: Readonly<Record<string, T>> = {}): Record<string, T> {
  const all = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(more)) all.set(name, { ...all.get(name), ...value });
  return Object.fromEntries(all);
}
