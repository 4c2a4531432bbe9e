import type { Action, Step } from '../../trace/model.ts';
import { canonicalJson } from '../../util/canonical.ts';
import type { Json } from '../../util/json.ts';
import { failed } from '../shared/actions.ts';
import { bareToolName } from '../shared/toolNames.ts';
import { counted } from '../shared/wording.ts';
import type { Policy, Requirement, ToolPolicy } from './policy.ts';
import { namesTool } from './toolPolicy.ts';

/** Calls of one tool that are remembered, the latest. */
const REMEMBERED = 1000;

/** The calls that succeeded in a run, as far as the policy's `after` and `mostCalls` ask for them. */
export class CallHistory {
  /** By the tool's own name: of each call the values of its arguments by name, in canonical JSON. */
  private readonly calls = new Map<string, Map<string, string>[]>();
  private readonly counts = new Map<string, number>();
  /** Tools that some requirement names. */
  private readonly wanted: readonly string[];

  constructor(policy: Policy | undefined) {
    const requirements = Object.values(policy?.tools ?? {}).flatMap((tool) => tool.after ?? []);
    this.wanted = requirements.flatMap(({ anyOf }) => anyOf ?? []);
  }

  /** What is wrong with making this call now, to end a sentence; undefined when nothing is. */
  problemOf(action: Action, { after = [], mostCalls }: ToolPolicy): { words: string; expected: string } | undefined {
    const made = this.counts.get(bareToolName(action.tool)) ?? 0;
    if (mostCalls !== undefined && made >= mostCalls && !failed(action)) {
      const most = counted(mostCalls, 'call');
      return {
        words: `is called once more, after ${counted(made, 'call')} that worked`,
        expected: `at most ${most} of it`,
      };
    }
    const missing = after.find((requirement) => !this.isMet(action, requirement));
    if (missing === undefined) return undefined;
    const names = (missing.anyOf ?? []).join(' or ');
    const same = missing.same === undefined ? '' : ` with the same ${missing.same.join(', ')}`;
    return { words: `is called although ${names} has not succeeded before${same}`, expected: `${names} first${same}` };
  }

  /** Call it once for each step, after its calls were judged: calls of one step don't know of each other. */
  add(step: Pick<Step, 'actions'>): void {
    for (const action of step.actions) {
      if (failed(action)) continue;
      const name = bareToolName(action.tool);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      if (!namesTool(this.wanted, action.tool)) continue;
      const values = new Map(Object.entries(action.arguments).map(([key, value]) => [key, comparable(value)]));
      const known = this.calls.get(name) ?? [];
      known.push(values);
      if (known.length > REMEMBERED) known.shift();
      this.calls.set(name, known);
    }
  }

  private isMet(action: Action, { anyOf = [], same = [] }: Requirement): boolean {
    for (const [name, calls] of this.calls) {
      if (!namesTool(anyOf, name)) continue;
      if (calls.some((values) => same.every((key) => shares(values, key, action.arguments[key])))) return true;
    }
    return anyOf.length === 0;
  }
}

/** Under the same name, or where the earlier tool calls it by another, as any of its values. */
function shares(values: ReadonlyMap<string, string>, key: string, value: Json | undefined): boolean {
  if (value === undefined) return false;
  const wanted = comparable(value);
  return values.has(key) ? values.get(key) === wanted : [...values.values()].includes(wanted);
}

function comparable(value: Json): string {
  return canonicalJson(value).slice(0, 500);
}
