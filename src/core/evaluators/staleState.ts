import type { Action, Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { failed, observationText } from './shared/actions.ts';
import { branchOf } from './shared/branch.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { durationText, excerpt, quoted } from './shared/say.ts';
import {
  answeredScreen,
  type SeenScreen,
  screenOf,
  showsScreen,
  type UiAction,
  uiActionOf,
} from './shared/uiActions.ts';
import { counted, stepName } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

export const staleState: Evaluator = {
  id: 'ui.stale-state',
  title: 'Acts on stale UI',
  summary: 'A click or text on a screen that had changed, on an element that is not there, or without any effect.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'Fails for a user-interface action whose error says that its element is stale, detached or not there, for one that met another element than it was aimed at, and for one that failed on an element that does not stand in the page as it was last seen. Warns for an action on an element of the page before, after going elsewhere in the same step, and for a click after which the screen is exactly as before. A policy can limit the time between what was seen and the action.',
  notApplicable: 'The run has no user-interface action, or nothing of its screens is recorded.',
  falsePositives:
    'Clicks whose effect shows later or elsewhere than on the screen. Typing on in the field that has the focus is right without a new screen and not reported.',
  defaultThreshold: 'no such action',
  threshold: 'milliseconds that may lie between what was seen and the action; without it there is no limit',
  start: (context) => new StaleCheck(context),
};

const STALE =
  /\bstale element|\bdetached\b|no longer (?:attached|valid|exists?|visible|in the (?:dom|page))|not attached to the/i;
const NOT_THERE =
  /\b(?:element|node|control|selector|locator|index|bid|ref|uid)\b[^.\n]{0,80}\b(?:not found|does(?: not|n't) exist|not exist|could not be found|is not (?:visible|in the (?:dom|page)|available))|\b(?:no (?:such )?element|(?:could not|cannot|can't|unable to|failed to) (?:find|locate) (?:an? |the )?(?:\w+ )?(?:element|node|control))/i;

/** What is remembered of a branch. */
interface Branch {
  seen: SeenScreen | undefined;
  seenAt: number | undefined;
  /** The screen before the last click, to compare with what follows. */
  before: { readonly screen: SeenScreen; readonly place: StepPlace; readonly tool: string } | undefined;
}

class StaleCheck implements Observer {
  private readonly findings: Finding[] = [];
  private readonly branches = new Map<string, Branch>();
  private readonly limit: number;
  private checked = 0;
  private seesScreens = false;

  constructor(context: EvaluationContext) {
    this.limit = context.threshold(staleState.id, Number.POSITIVE_INFINITY);
  }

  step(step: Step): void {
    const name = branchOf(step);
    const branch = this.branches.get(name) ?? { seen: undefined, seenAt: undefined, before: undefined };
    this.branches.set(name, branch);
    const screen = screenOf(step);
    this.seesScreens ||= step.screen !== undefined;
    if (screen !== undefined) this.see(branch, screen);
    let wentElsewhere = false;
    for (const [i, action] of step.actions.entries()) {
      const ui = uiActionOf(action, step);
      if (ui === undefined) continue;
      this.checked++;
      const place = { step: step.index, pointer: `/actions/${i}` };
      this.judge(branch, step, action, ui, place, wentElsewhere);
      const answer = answeredScreen(action, step);
      this.seesScreens ||= answer !== undefined || showsScreen(action);
      branch.before = undefined;
      if (ui.gesture === 'point' && !failed(action) && branch.seen !== undefined && !/hover/i.test(action.tool)) {
        branch.before = { screen: branch.seen, place, tool: action.tool };
      }
      if (answer !== undefined) this.see(branch, answer);
      branch.seenAt = action.endTime ?? branch.seenAt;
      wentElsewhere = ui.gesture === 'go' && answer === undefined && !failed(action);
    }
  }

  /** Takes a screen in; one that is exactly as before a click says that the click did nothing. */
  private see(branch: Branch, screen: SeenScreen): void {
    const { before } = branch;
    branch.seen = screen;
    branch.before = undefined;
    if (before === undefined || before.screen.digest !== screen.digest) return;
    this.add(before.place, {
      message: `${before.tool} had no visible effect: the screen after it is exactly the one before.`,
      evidence: [{ step: before.screen.step }, ...(screen.step === before.place.step ? [] : [{ step: screen.step }])],
      confidence: 'heuristic',
      severity: 'warning',
    });
  }

  private judge(
    branch: Branch,
    step: Step,
    action: Action,
    ui: UiAction,
    place: StepPlace,
    wentElsewhere: boolean,
  ): void {
    const { seen } = branch;
    const { element, found } = action.target ?? {};
    if (element !== undefined && found !== undefined) {
      this.seesScreens = true;
      this.add(place, {
        message: `${action.tool} was aimed at ${quoted(element, 60)}, but ${quoted(found, 60)} was there.`,
        evidence: [],
        expected: element,
        actual: found,
        confidence: 'certain',
        severity: 'error',
      });
      return;
    }
    const id = ui.elementId;
    if (failed(action)) {
      const text = observationText(action).slice(0, 1000);
      const isStale = STALE.test(text);
      if (isStale || NOT_THERE.test(text)) {
        const said = quoted(text, 80);
        this.seesScreens = true;
        this.add(place, {
          message: `${action.tool} acted on an element that ${isStale ? 'was there no more' : 'was not there'}: ${said}.`,
          evidence: [{ ...place, pointer: `${place.pointer}/observation`, quote: excerpt(text) }],
          confidence: isStale ? 'certain' : 'likely',
          severity: 'error',
        });
      } else if (id !== undefined && seen?.ids !== undefined && !seen.ids.has(id)) {
        this.add(place, {
          message: `${action.tool} failed on [${id}], which does not stand in the page as it was last seen at ${stepName(seen.step)}.`,
          evidence: [{ step: seen.step }],
          confidence: 'likely',
          severity: 'error',
        });
      }
      return;
    }
    if (wentElsewhere && ui.target === 'element' && ui.gesture !== 'go') {
      this.add(place, {
        message: `${action.tool} is aimed at an element of the page before: the step goes elsewhere first, and nobody looked at the new page.`,
        evidence: [],
        confidence: 'likely',
        severity: 'warning',
      });
    }
    const start = action.startTime ?? step.startTime;
    const gap = start === undefined || branch.seenAt === undefined ? 0 : start - branch.seenAt;
    if (gap > this.limit) {
      this.add(place, {
        message: `${action.tool} came ${durationText(gap)} after what it is based on was seen; the limit is ${durationText(this.limit)}.`,
        evidence: [],
        confidence: 'certain',
        severity: 'warning',
      });
    }
  }

  private add({ step, pointer = '' }: StepPlace, finding: Omit<Finding, 'step' | 'pointer'>): void {
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ step, pointer, ...finding });
  }

  finish(): Conclusion {
    if (this.checked === 0) return notApplicable('The run has no user-interface action.');
    if (!this.seesScreens) return notApplicable('Nothing of the screens is recorded.');
    const findings = this.findings.sort((a, b) => a.step - b.step);
    const first = findings.find(({ severity }) => severity === 'error') ?? findings[0];
    const reason = first?.message ?? `${counted(this.checked, 'user-interface action')}, none on a stale screen.`;
    return conclude(findings, this.checked, reason);
  }
}
