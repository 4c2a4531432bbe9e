import { type CallParts, type ComparedCall, comparedCall } from '../../compare/call.ts';
import type { Step, Target } from '../../trace/model.ts';
import { canonicalJson } from '../../util/canonical.ts';
import type { JsonObject } from '../../util/json.ts';
import { ownText } from '../../util/ownText.ts';
import type { EvaluationContext } from '../context.ts';
import type { Effect } from '../effects.ts';
import { failed } from './actions.ts';
import { isProse } from './prose.ts';
import { endsWith } from './toolKinds.ts';
import { bareToolName } from './toolNames.ts';
import { cut } from './wording.ts';

/** A call of the run as it is compared with the reference. */
export interface LoggedCall {
  /** Under the tool's name without the prefix of a server, and without what it was aimed at. */
  readonly call: ComparedCall;
  /** The same without what a model words by itself. */
  readonly facts: ComparedCall;
  /** The tool as recorded. */
  readonly tool: string;
  readonly step: number;
  /** `/actions/0` */
  readonly pointer: string;
  /** The arguments as JSON, for people: cut. */
  readonly text: string;
  readonly effect: Effect;
  /** What it was aimed at on a screen, and the call with that. */
  readonly target?: Target;
  readonly aimed?: ComparedCall;
  /** The agent says by it, or by its final text in the same step, that it is done. */
  readonly ends: boolean;
}

/**
 * The calls of a run that worked, in order, for all that compare it with a reference. A call that failed did nothing and
 * is left out. One for each context; whoever needs it notes each step, and noting twice is harmless.
 */
export class CallLog {
  readonly calls: LoggedCall[] = [];
  /** The last step so far; a run without steps has none to point at. */
  last: number | undefined;

  static of(context: EvaluationContext): CallLog {
    const known = logs.get(context);
    if (known !== undefined) return known;
    const made = new CallLog(context);
    logs.set(context, made);
    return made;
  }

  private constructor(private readonly context: EvaluationContext) {}

  note(step: Step): void {
    if (this.last !== undefined && step.index <= this.last) return;
    this.last = step.index;
    for (const [i, action] of step.actions.entries()) {
      if (failed(action)) continue;
      const { target, ...rest } = action;
      this.calls.push({
        ...comparedBothWays({ ...rest, tool: bareToolName(action.tool) }),
        tool: action.tool,
        step: step.index,
        pointer: `/actions/${i}`,
        text: argumentsText(action.arguments),
        effect: this.context.effectOf(action),
        ...(target !== undefined && {
          target,
          aimed: comparedCall({ ...rest, tool: bareToolName(rest.tool), target }),
        }),
        ends: endsWith(step, action.tool),
      });
    }
  }
}

/** A call with all its values, and without what a model words by itself: one thing where there is nothing such. */
export function comparedBothWays(action: CallParts): { call: ComparedCall; facts: ComparedCall } {
  const call = comparedCall(action);
  const facts = comparedCall(action, isProse);
  return { call, facts: facts.key === call.key ? call : facts };
}

/** Arguments as findings show them. */
export function argumentsText(args: JsonObject): string {
  return ownText(cut(canonicalJson(args)));
}

const logs = new WeakMap<EvaluationContext, CallLog>();
