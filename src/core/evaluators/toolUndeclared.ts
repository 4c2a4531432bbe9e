import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { failed, observationText } from './shared/actions.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { bareToolName } from './shared/toolNames.ts';
import { counted, cut } from './shared/wording.ts';
import type { Finding } from './verdict.ts';

export const toolUndeclared: Evaluator = {
  id: 'action.tool-undeclared',
  title: 'Hallucinated tool',
  summary: 'The agent calls a tool that nobody gave it.',
  level: 'step',
  severity: 'error',
  needs: ['tool list'],
  definition:
    'The called tool is not among the tools declared so far, apart from prefixes such as `mcp__server__` and `functions.`; or the answer to the call says that there is no such tool.',
  notApplicable:
    'The trace declares no tools (and no answer says that a tool is unknown), or its list is clearly not whole.',
  falsePositives: 'Tools that a provider hosts itself or that appear during the run without a new list.',
  defaultThreshold: 'no such call',
  start: (context) => new ToolNames(context),
};

/** Tools that providers run themselves, and hand-overs, stand in no list. */
const HOSTED =
  /^(?:web_search\w*|web_fetch\w*|computer\w*|code_interpreter|code_execution\w*|file_search|image_generation|text_editor\w*|bash_\d+|str_replace_based_edit_tool|multi_tool_use\.parallel|parallel|transfer_to_.+|handoff_to_.+|final_answer|finish|submit)$/i;
const NO_SUCH_TOOL =
  /^\W*(?:error:?\s*)?(?:(?:unknown|unrecogni[sz]ed|undefined|invalid|no such|non-?existent) (?:tool|function|action|command name)\b|(?:the )?(?:tool|function|action) \W?[\w.-]+\W? (?:was )?(?:not found|does not exist|doesn't exist|is not (?:available|defined|registered|recogni[sz]ed|a valid tool))|no (?:tool|function) (?:named|called)\b)/i;

class ToolNames implements Observer {
  private readonly declared = new Set<string>();
  private readonly called = new Set<string>();
  private readonly undeclared: Finding[] = [];
  private readonly refused: Finding[] = [];
  private readonly strangers = new Set<string>();
  private actions = 0;

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    for (const { name } of this.context.declaredTools(step) ?? []) this.declared.add(bareToolName(name));
    for (const [i, action] of step.actions.entries()) this.action(step, action, i);
  }

  private action(step: Step, action: Action, i: number): void {
    this.actions++;
    const name = bareToolName(action.tool);
    this.called.add(name);
    if (failed(action)) {
      const answer = NO_SUCH_TOOL.exec(observationText(action).slice(0, 300))?.[0];
      if (answer !== undefined) {
        const pointer = `/actions/${i}/observation`;
        const message = `There is no tool ${action.tool}: its answer says so.`;
        this.push(this.refused, {
          ...this.finding(step, i, message, name),
          evidence: [{ step: step.index, pointer, quote: cut(answer) }],
          confidence: 'certain',
        });
        return;
      }
    }
    if (this.declared.size === 0 || this.declared.has(name) || HOSTED.test(action.tool) || HOSTED.test(name)) return;
    this.strangers.add(name);
    const message = `${action.tool} is none of the ${counted(this.declared.size, 'declared tool')}.`;
    this.push(this.undeclared, this.finding(step, i, message, name));
  }

  private finding(step: Step, action: number, message: string, name: string): Finding {
    const close = closest(name, this.declared);
    return {
      step: step.index,
      pointer: `/actions/${action}/tool`,
      message: close === undefined ? message : `${message} Did it mean ${close}?`,
      evidence: [],
      ...(close !== undefined && { expected: close }),
      actual: name,
      confidence: 'likely',
      severity: 'error',
    };
  }

  private push(list: Finding[], finding: Finding): void {
    if (list.length < MOST_FINDINGS) list.push(finding);
  }

  finish(): Conclusion {
    if (this.actions === 0) return notApplicable('No tool was called.');
    // Of two or more tools called, at least half missing: the list is not the agent's.
    const partial = this.strangers.size > 1 && this.strangers.size * 2 >= this.called.size;
    const findings = [...this.refused, ...(partial ? [] : this.undeclared)].sort((a, b) => a.step - b.step);
    if (findings.length === 0 && (partial || this.declared.size === 0)) {
      return notApplicable(
        partial
          ? `${counted(this.strangers.size, 'called tool')} are not in the recorded list, so that list is not whole.`
          : 'The trace does not list the tools that the agent had.',
      );
    }
    const all = this.actions === 1 ? 'The 1 call names' : `All of ${this.actions} calls name`;
    const reason = findings[0]?.message ?? `${all} a declared tool.`;
    return conclude(findings, this.actions, reason);
  }
}

/** The declared name with the fewest edits, when they are few for its length. A hint, never a verdict. */
function closest(name: string, declared: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of declared) {
    const distance = edits(name.toLowerCase().slice(0, 60), candidate.toLowerCase().slice(0, 60));
    if (distance < fewest) {
      best = candidate;
      fewest = distance;
    }
  }
  return best;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
