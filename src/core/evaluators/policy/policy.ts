import type { ToolDeclaration } from '../../trace/model.ts';
import type { Json } from '../../util/json.ts';
import type { Severity } from '../verdict.ts';

/**
 * What a team says about its own agent, in `hindstep.policy.json`, as it holds for one trace. It is the strongest
 * evidence there is: it stands above annotations in the trace and above what names suggest. Times are ms, costs USD.
 */
export interface Policy {
  readonly tools?: Readonly<Record<string, ToolPolicy>>;
  /** Tools that must never be called; `*` stands for any characters. */
  readonly deny?: readonly string[];
  /** When present, the only tools that may be called; `*` stands for any characters. */
  readonly allow?: readonly string[];
  readonly hosts?: HostsPolicy;
  /** The agent's tools, for traces that don't list them. */
  readonly toolList?: readonly ToolDeclaration[];
  readonly stop?: StopPolicy;
  readonly budgets?: BudgetPolicy;
  /** By the model's name as the trace records it. */
  readonly prices?: Readonly<Record<string, Price>>;
  /** By the evaluator's id. */
  readonly evaluators?: Readonly<Record<string, EvaluatorPolicy>>;
}

/** A policy as it stands in its file: what holds everywhere, and what holds for some traces, later ones stronger. */
export interface PolicyFile extends Policy {
  readonly overrides?: readonly PolicyOverride[];
}

export interface PolicyOverride extends Policy {
  /** Globs of trace files, relative to the folder of the policy file. */
  readonly files?: readonly string[];
}

export interface ToolPolicy {
  readonly effect?: PolicyEffect;
  /** Whether each call needs a person's approval; absent means: when it is irreversible. */
  readonly requiresApproval?: boolean;
  /** The tool that undoes this one. */
  readonly inverse?: string;
  /** True when a call that nothing can undo is an error. */
  readonly requiresReversal?: boolean;
  /** True when it reaches beyond the team's own systems: secrets must not go there. */
  readonly openWorld?: boolean;
  /** What must have been done before each call; all of them. */
  readonly after?: readonly Requirement[];
  /** How many calls of one run may succeed. */
  readonly mostCalls?: number;
  /** By the argument's name, or by a JSON pointer into the arguments. */
  readonly arguments?: Readonly<Record<string, ArgumentRule>>;
}

export const POLICY_EFFECTS = ['read', 'write', 'irreversible'] as const;
export type PolicyEffect = (typeof POLICY_EFFECTS)[number];

/** One of these tools must have succeeded before. */
export interface Requirement {
  readonly anyOf?: readonly string[];
  /** Names of arguments whose values must have been given to that call as well. */
  readonly same?: readonly string[];
}

/** What an argument's value must be. Of a list or an object each value inside must be so. */
export interface ArgumentRule {
  readonly required?: boolean;
  readonly matches?: RegExp;
  readonly notMatches?: RegExp;
  readonly oneOf?: readonly Json[];
  readonly notOneOf?: readonly Json[];
  readonly min?: number;
  readonly max?: number;
}

/** Hosts that tools may be pointed at; `*.example.com` stands for every host below it. */
export interface HostsPolicy {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** After one of these nothing may happen until the user speaks. */
export interface StopPolicy {
  readonly tools?: readonly string[];
  /** Labels of steps. */
  readonly labels?: readonly string[];
  /** What is said, by anybody. */
  readonly texts?: readonly RegExp[];
}

/** The most that one run may take. */
export interface BudgetPolicy {
  readonly cost?: number;
  readonly tokens?: number;
  readonly steps?: number;
  /** From the start of the run to its end. */
  readonly duration?: number;
  /** Of each action. */
  readonly actionLatency?: number;
  /** Actions that repeat an earlier one. */
  readonly repeats?: number;
}

/** USD for a million tokens. */
export interface Price {
  readonly input?: number;
  readonly output?: number;
  /** For input that the provider had cached; as `input` when absent. */
  readonly cached?: number;
}

export interface EvaluatorPolicy {
  /** `off`, or what its errors and warnings become. */
  readonly severity?: Severity | 'off';
  readonly threshold?: number;
}
