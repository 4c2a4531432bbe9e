import type { Action, Run, Step } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { asFilledText } from '../util/json.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { failed, observationText } from './shared/actions.ts';
import {
  asksForDeed,
  type Claim,
  claimsIn,
  FAMILIES,
  type Family,
  familiesOfWords,
  participlesIn,
} from './shared/claims.ts';
import { excerpt, quoted } from './shared/say.ts';
import { commandOf, isEscalation, isGeneric, isPolling, isStopTool, isTidying } from './shared/toolKinds.ts';
import { bareToolName, wordsOfName } from './shared/toolNames.ts';
import { counted } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

/** The agent says that it did something, and the run holds no such deed. */
export const confidentFailure: Evaluator = {
  id: 'outcome.confident-failure',
  title: 'Claims success without it',
  summary: '"Done!", and no action did it.',
  level: 'run',
  severity: 'error',
  needs: [],
  definition:
    'Reads the last thing the agent said in each turn. Fails when it claims a deed ("I\'ve cancelled it", "your refund has ' +
    'been issued", "Done!") and no action of that kind worked in the whole run, sub-agents included. Warns when an ' +
    'earlier one worked but the last of the kind failed, and when the last action of the run failed and the final text ' +
    'does not say so. It checks that an action of that kind succeeded, not that it was the right one.',
  notApplicable:
    'Nothing was said at the end, nothing is claimed, or the work may have been done by tools whose name and command do ' +
    'not tell what they do, or in a run of its own.',
  falsePositives:
    'Negations, plans, offers, conditions, questions, quotations, work that is done in words ("I\'ve created a summary") ' +
    'and states that the agent read about are left out. A claim about the wrong object passes.',
  defaultThreshold: 'no unsupported claim',
  start: (context) => new ConfidentFailureObserver(context),
};

/** Characters of an observation that are read for what it says has happened. */
const HEARD = 5000;

/** How actions of a family went so far. */
interface Deeds {
  worked: number;
  lastFailure: StepPlace | undefined;
}

interface Said {
  readonly place: StepPlace;
  readonly claims: readonly Claim[];
  readonly admitsFailure: boolean;
  readonly asked: boolean;
  readonly showsCode: boolean;
}

class ConfidentFailureObserver implements Observer {
  readonly #deeds = new Map<Family, Deeds>(FAMILIES.map((family) => [family, { worked: 0, lastFailure: undefined }]));
  /** What was said at the end of each turn, when it claims something. */
  readonly #said: Said[] = [];
  readonly #seen = new Set<string>();
  /** Of tools that their name alone tells. */
  readonly #families = new Map<string, readonly Family[]>();
  /** Participles in what actions that worked answered ("your order has been placed"). */
  readonly #reported = new Set<string>();
  /** What the agent said last in the turn that is going on. */
  #latest: Said | undefined;
  /** The same of the turn before, for a run that ends with the user's words ("Thanks!"). */
  #before: Said | undefined;
  #asked = false;
  #actions = 0;
  /** Actions that worked and changed something, or may have. */
  #changes = 0;
  /** Actions that worked and could be any deed. */
  #opaque = 0;
  #lastFailed: { place: StepPlace; tool: string } | undefined;

  constructor(private readonly context: EvaluationContext) {}

  step(step: Step): void {
    if (step.kind === 'user') {
      this.#endTurn();
      this.#asked = asksForDeed(partsText(step.message ?? []).slice(0, 2000));
      return;
    }
    if (step.kind === 'system') return;
    step.actions.forEach((action, i) => {
      this.#action(step, action, i);
    });
    if (step.depth === 0) this.#hear(step);
  }

  #hear(step: Step): void {
    const ending = step.actions.findIndex((action) => isStopTool(action.tool));
    if (step.actions.length > 0 && ending < 0) return;
    const answer = finalWords(step.actions[ending]);
    const text = answer?.text ?? partsText(step.message ?? []);
    if (text.trim() === '') return;
    this.#latest = {
      place: { step: step.index, pointer: answer === undefined ? '/message' : `/actions/${ending}${answer.pointer}` },
      claims: claimsIn(text, this.#seen),
      admitsFailure: ADMITS_FAILURE.test(text) || text.includes('?'),
      asked: this.#asked,
      showsCode: text.includes('```'),
    };
  }

  #endTurn(): void {
    if (this.#latest !== undefined && this.#latest.claims.length > 0) this.#said.push(this.#latest);
    this.#before = this.#latest ?? this.#before;
    this.#latest = undefined;
  }

  #action(step: Step, action: Action, i: number): void {
    if (isStopTool(action.tool) || isTidying(action.tool) || isPolling(action)) return;
    this.#actions++;
    const place: StepPlace = { step: step.index, pointer: `/actions/${i}` };
    const fails = failed(action);
    this.#lastFailed = fails ? { place, tool: action.tool } : undefined;
    const effect = this.context.effectOf(action);
    if (effect === 'read') {
      for (const word of participlesIn(observationText(action).slice(0, HEARD))) this.#seen.add(word);
      if (!isGeneric(action)) return;
    }
    if (!fails && effect !== 'read') {
      for (const word of participlesIn(observationText(action).slice(0, HEARD))) this.#reported.add(word);
    }
    const families = this.#familiesOf(action);
    for (const family of families) {
      const deeds = this.#deeds.get(family);
      if (deeds === undefined) continue;
      if (fails) deeds.lastFailure = place;
      else {
        deeds.worked++;
        deeds.lastFailure = undefined;
      }
    }
    if (fails || effect === 'read') return;
    this.#changes++;
    if (!isEscalation(action.tool) && !isConversation(action) && (isGeneric(action) || families.length === 0))
      this.#opaque++;
  }

  #familiesOf(action: Action): readonly Family[] {
    if (isGeneric(action)) return familiesOf(action);
    const known = this.#families.get(action.tool) ?? familiesOf(action);
    this.#families.set(action.tool, known);
    return known;
  }

  finish(run: Run): Conclusion {
    this.#endTurn();
    const final = this.#before;
    if (final === undefined)
      return { status: 'na', score: null, reason: 'Nothing was said at the end of a turn.', findings: [] };
    const delegated = run.steps.some((row) => row.childRuns.length > 0);
    let supported = 0;
    let unclear = 0;
    const findings: Finding[] = [];
    for (const said of this.#said) {
      for (const claim of said.claims) {
        const finding = this.#judge(said, claim);
        if (finding === 'supported') supported++;
        else if (finding === 'unclear') unclear++;
        else if (finding.severity === 'error' && (delegated || this.#opaque > 0)) unclear++;
        else if (!findings.some((other) => other.step === finding.step && other.message === finding.message))
          findings.push(finding);
      }
    }
    const unreported = this.#unreported(final);
    if (unreported !== undefined && findings.every((finding) => finding.step !== unreported.step))
      findings.push(unreported);
    return conclude(findings, supported, unclear);
  }

  /** A finding when nothing in the run supports the claim; `unclear` when the work may be the words themselves. */
  #judge(
    { place, asked, admitsFailure, showsCode }: Said,
    { family, word, sentence, byProduct }: Claim,
  ): Finding | 'supported' | 'unclear' {
    const claim = { ...place, quote: excerpt(sentence) };
    if (family === undefined) {
      if (this.#changes > 0) return 'supported';
      if (!asked) return 'unclear';
      return this.#unsupported(
        claim,
        `It says ${quoted(sentence)}, but no action that changes anything worked in this run.`,
        [],
      );
    }
    if ((byProduct && this.#changes > 0) || this.#reported.has(word)) return 'supported';
    if (showsCode && this.#actions === 0) return 'unclear';
    const deeds = this.#deeds.get(family);
    if (deeds === undefined || (deeds.worked > 0 && deeds.lastFailure === undefined)) return 'supported';
    const { worked, lastFailure } = deeds;
    if (worked > 0 && lastFailure !== undefined) {
      if (admitsFailure) return 'supported';
      return {
        ...this.#unsupported(claim, `It says ${quoted(sentence)}, but the last ${family.name} action failed.`, [
          lastFailure,
        ]),
        confidence: 'heuristic',
        severity: 'warning',
      };
    }
    return lastFailure === undefined
      ? this.#unsupported(claim, `It says ${quoted(sentence)}, but no action in this run did that.`, [])
      : this.#unsupported(claim, `It says ${quoted(sentence)}, but the action that should have done it failed.`, [
          lastFailure,
        ]);
  }

  #unsupported(claim: StepPlace, message: string, more: readonly StepPlace[]): Finding {
    return {
      step: claim.step,
      pointer: claim.pointer ?? '',
      message,
      evidence: [claim, ...more],
      expected: 'a successful action that does what is claimed',
      actual: more.length > 0 ? 'it failed' : `none among ${counted(this.#actions, 'action')}`,
      confidence: 'likely',
      severity: 'error',
    };
  }

  #unreported(final: Said): Finding | undefined {
    if (this.#lastFailed === undefined || final.admitsFailure || final.place.step <= this.#lastFailed.place.step)
      return undefined;
    return {
      step: final.place.step,
      pointer: final.place.pointer ?? '',
      message: `The last action, ${this.#lastFailed.tool}, failed, and the final text does not say so.`,
      evidence: [this.#lastFailed.place],
      expected: 'the failure is told',
      confidence: 'heuristic',
      severity: 'warning',
    };
  }
}

function conclude(findings: readonly Finding[], supported: number, unclear: number): Conclusion {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const judged = supported + findings.length;
  const [first] = errors.length > 0 ? errors : findings;
  if (first !== undefined) {
    return { status: errors.length > 0 ? 'fail' : 'warn', score: supported / judged, reason: first.message, findings };
  }
  if (supported > 0) {
    const reason = `${counted(supported, 'claim')}, each with an action of that kind that worked (whether it was the right one is not checked).`;
    return { status: 'pass', score: 1, reason, findings };
  }
  const reason =
    unclear > 0
      ? 'The work may have been done by a generic tool, in another run or in words: the claim cannot be checked.'
      : 'The agent does not claim to have done anything.';
  return { status: 'na', score: null, reason, findings };
}

const ADMITS_FAILURE =
  /fail|error|unable|could\s?n[o'’]t|can\s?n[o'’]t|cannot|can['’]t|unfortunately|sorry|apolog|problem|issue|did\s?n[o'’]t|did not|was\s?n['’]t|is\s?n['’]t|does\s?n[o'’]t|does not|\bnot\b|timed? ?out|unavailable|invalid|however|denied|refused|\bno\b|incorrect|wrong|missing|instead|\bif\b/i;

/** The answer that a finishing call carries in its arguments, with the pointer to it. */
function finalWords(action: Action | undefined): { text: string; pointer: string } | undefined {
  if (action === undefined) return undefined;
  for (const key of ['result', 'answer', 'message', 'final_answer', 'summary', 'output', 'text']) {
    const text = asFilledText(action.arguments[key]);
    if (text !== undefined) return { text, pointer: `/arguments/${key}` };
  }
  return undefined;
}

/** The families an action can belong to: by the words of its name, or by the words of its command. */
function familiesOf(action: Action): Family[] {
  const words = wordsOfName(bareToolName(action.tool));
  const command = isGeneric(action) ? (commandOf(action) ?? '') : '';
  const all = [...words, ...wordsOfName(command.slice(0, 4000)), ...wordsOfName(action.target?.element ?? '')];
  return familiesOfWords(all);
}

function isConversation(action: Action): boolean {
  const words = wordsOfName(bareToolName(action.tool));
  return words.includes('user') && words.some((word) => /^(ask|message|reply|tell|respond|notify)$/.test(word));
}
