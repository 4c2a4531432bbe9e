import type { Action, Step } from '../trace/model.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { branchOf } from './shared/branch.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { type UiAction, uiActionOf } from './shared/uiActions.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

export const actionIncomplete: Evaluator = {
  id: 'ui.action-incomplete',
  title: 'Screenshot without arguments',
  summary: 'A click, a key or a text on a screen of which the trace does not say where or what.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'A recorded user-interface action needs its element, its arguments and what came of it, else a screenshot is all there is to learn from. Fails for a click, hover or drag without element and coordinates, for typing, keys and choices without their text, and for a screenshot whose action has no recorded arguments. Warns, once for each kind, where targets are only coordinates or kinds of elements, where something is typed before anything had the focus, and where nothing of the screen after an action is recorded although it is for others.',
  notApplicable: 'The run has no user-interface action.',
  falsePositives: 'Fields that have the focus when a page opens. Screenshots that are kept elsewhere.',
  defaultThreshold: 'nothing missing',
  start: () => new CompletenessCheck(),
};

type Vagueness = 'where' | 'focus' | 'after';

class CompletenessCheck implements Observer {
  private readonly findings: Finding[] = [];
  private readonly vague: Record<Vagueness, StepPlace[]> = { where: [], focus: [], after: [] };
  /** Branches in which an element has the focus. */
  private readonly focused = new Set<string>();
  private checked = 0;
  private answered = 0;
  /** Actions without an answer, until the next step shows whether its screen is one. */
  private readonly waiting = new Map<string, StepPlace[]>();

  step(step: Step): void {
    const branch = branchOf(step);
    const open = this.waiting.get(branch) ?? [];
    if (open.length > 0 && step.screen === undefined) this.vague.after.push(...open);
    this.waiting.delete(branch);
    for (const [i, action] of step.actions.entries()) {
      const place = { step: step.index, pointer: `/actions/${i}` };
      if (!action.argumentsRecorded && step.screen !== undefined) {
        this.checked++;
        this.add(place, `${action.tool} has a screenshot, but its arguments are not recorded.`);
        continue;
      }
      const ui = action.argumentsRecorded ? uiActionOf(action, step) : undefined;
      if (ui === undefined) continue;
      this.checked++;
      this.judge(branch, action, ui, place);
      if (action.observation !== undefined) this.answered++;
      else this.waiting.set(branch, [...(this.waiting.get(branch) ?? []), place]);
    }
  }

  private judge(branch: string, action: Action, ui: UiAction, place: StepPlace): void {
    const pointing = ui.gesture === 'point' || ui.gesture === 'drag';
    if (pointing && ui.target === 'none') this.add(place, `${action.tool} names neither an element nor coordinates.`);
    const entering = ui.gesture === 'enter' || ui.gesture === 'key' || ui.gesture === 'choose';
    if (entering && !ui.hasValue) this.add(place, `${action.tool} does not say what was ${DONE[ui.gesture]}.`);
    if ((pointing || ui.gesture === 'enter') && ui.target === 'vague') this.vague.where.push(place);
    if (ui.gesture === 'enter' && ui.target === 'none' && !this.focused.has(branch)) this.vague.focus.push(place);
    if (ui.target !== 'none' || ui.gesture === 'key') this.focused.add(branch);
  }

  private add({ step, pointer = '' }: StepPlace, message: string): void {
    if (this.findings.length >= MOST_FINDINGS) return;
    this.findings.push({ step, pointer, message, evidence: [], confidence: 'likely', severity: 'error' });
  }

  finish(): Conclusion {
    if (this.checked === 0) return notApplicable('The run has no user-interface action.');
    const findings = [...this.findings];
    for (const kind of ['where', 'focus', 'after'] as const) {
      const [first, ...rest] = this.vague[kind];
      // Where no action is answered, the format does not record what came of it.
      if (first === undefined || (kind === 'after' && this.answered === 0)) continue;
      findings.push({
        step: first.step,
        pointer: first.pointer ?? '',
        message: `${rest.length + 1} of ${counted(this.checked, 'user-interface action')} ${WORDS[kind][rest.length === 0 ? 0 : 1]}; the first is here.`,
        evidence: rest.slice(0, 20),
        confidence: 'likely',
        severity: 'warning',
      });
    }
    const reason =
      findings[0]?.message ?? `${counted(this.checked, 'user-interface action')}, each with target and arguments.`;
    return conclude(findings, this.checked, reason);
  }
}

const DONE = { enter: 'typed', key: 'pressed', choose: 'chosen' } as const;
/** Of one action, and of several. */
const WORDS: Readonly<Record<Vagueness, readonly [string, string]>> = {
  where: [
    'names no element, only coordinates or a kind of element',
    'name no element, only coordinates or a kind of element',
  ],
  focus: [
    'types before anything had the focus, without naming a field',
    'type before anything had the focus, without naming a field',
  ],
  after: ['has no recorded result', 'have no recorded result'],
};
