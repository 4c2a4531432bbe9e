import { type ComparedCall, comparedCall, underName } from '../../compare/call.ts';
import { type Difference, differences } from '../../compare/differences.ts';
import type { EvaluationContext } from '../context.ts';
import type { Effect } from '../effects.ts';
import type { ArgumentMode, ExpectedCall, Reference } from '../reference.ts';
import { comparedBothWays, type LoggedCall } from './callLog.ts';
import { bareToolName } from './toolNames.ts';

/** An expected call, ready to be compared with those that were made. */
export interface Wanted {
  readonly expected: ExpectedCall;
  readonly call: ComparedCall;
  /** The tool that sentences name. */
  readonly tool: string;
  readonly effect: Effect;
}

/** Tells which of the calls made are the expected ones: by tools that may stand for one another, and by modes of arguments. */
export class ExpectedCalls {
  readonly wanted: readonly Wanted[];
  readonly #forbidden: readonly Wanted[];
  /** Tools that are right for the same call have one name. */
  readonly #names = new Map<string, string>();
  readonly #tools: ReadonlySet<string>;

  constructor(
    private readonly reference: Reference,
    private readonly context: EvaluationContext,
  ) {
    const { calls, forbidden = [] } = reference;
    for (const { tools } of calls) {
      const name = this.#nameOf(tools[0]);
      for (const tool of tools) this.#names.set(bareToolName(tool), name);
    }
    this.wanted = calls.map((call) => this.#wanted(call));
    this.#forbidden = forbidden.map((call) => this.#wanted(call));
    this.#tools = new Set(this.wanted.map(({ call }) => call.tool));
  }

  /** A call that was made, under the name by which it is compared; without arguments where these are not compared. */
  made(logged: LoggedCall): ComparedCall {
    const tool = this.#nameOf(logged.tool);
    return this.#compared(logged, this.#modeOf(logged.tool), tool);
  }

  /** Whether some expected call is one of this tool. */
  expects(logged: LoggedCall): boolean {
    return this.#tools.has(this.#nameOf(logged.tool));
  }

  /** Where a call that was made is not the expected one; empty when it is. */
  differences(wanted: Wanted, logged: LoggedCall): Difference[] {
    const mode = wanted.expected.arguments === undefined ? 'ignore' : this.#modeOf(wanted.tool);
    return asked(differences(wanted.call, this.made(logged)), mode);
  }

  /** Whether a call is a forbidden one, whatever other arguments it has. */
  forbids(logged: LoggedCall): boolean {
    return this.#forbidden.some(({ call, expected }) => {
      const mode = expected.arguments === undefined ? 'ignore' : 'superset';
      return asked(differences(call, this.made(logged)), mode).length === 0;
    });
  }

  #wanted(expected: ExpectedCall): Wanted {
    const [tool] = expected.tools;
    const args = expected.arguments ?? {};
    const action = { tool, arguments: args, argumentsRecorded: expected.arguments !== undefined };
    const mode = expected.arguments === undefined ? 'ignore' : this.#modeOf(tool);
    const call = this.#compared(comparedBothWays(action), mode, this.#nameOf(tool));
    return { expected, call, tool, effect: this.context.effectOf(action) };
  }

  #compared({ call, facts }: Pick<LoggedCall, 'call' | 'facts'>, mode: ArgumentMode, tool: string): ComparedCall {
    if (mode === 'ignore') return comparedCall({ tool, arguments: {}, argumentsRecorded: false });
    return underName(mode === 'facts' ? facts : call, tool);
  }

  #nameOf(tool: string): string {
    const bare = bareToolName(tool);
    return this.#names.get(bare) ?? bare;
  }

  #modeOf(tool: string): ArgumentMode {
    const { argumentModes = {} } = this.reference;
    for (const name of [tool, bareToolName(tool), '*']) {
      if (Object.hasOwn(argumentModes, name)) return argumentModes[name] ?? 'facts';
    }
    return 'facts';
  }
}

/** The differences that count: of a `superset`, what is there besides does not; of a `subset`, what is not there. */
function asked(found: readonly Difference[], mode: ArgumentMode): Difference[] {
  return found.filter(({ pointer, expected, actual }) => {
    if (pointer === '' || mode === 'exact' || mode === 'facts') return true;
    if (mode === 'ignore') return false;
    return mode === 'superset' ? expected !== undefined : actual !== undefined;
  });
}
