import { type ArgumentLeaf, argumentLeaves } from '../provenance/argumentLeaves.ts';
import { type LeafKind, leafKindOf } from '../provenance/leafKind.ts';
import { type LookedUp, lookUp } from '../provenance/lookUp.ts';
import { numbersIn } from '../provenance/numbers.ts';
import type { Action, Run, Step } from '../trace/model.ts';
import type { Json } from '../util/json.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import { isWrite } from './shared/actions.ts';
import { conclude, MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { counted, cut, stepName } from './shared/wording.ts';
import type { Finding, StepPlace } from './verdict.ts';

export const argsUngrounded: Evaluator = {
  id: 'action.args-ungrounded',
  title: 'Value appears from nowhere',
  summary: 'An id, number, date or address that nothing before the step holds.',
  level: 'step',
  severity: 'error',
  needs: [],
  definition:
    'An identifier, number of three or more significant digits, date or address in the arguments of a call must have been given to the agent before: by the user, the system or an observation, as it stands or derived (other spelling, encoding, sums and products of up to three numbers, a date up to a week away). It is an error in calls that change something (a warning for dates, which people give in words), information in calls that read. What the agent itself said first is no ground.',
  notApplicable:
    'No argument carries such a value, what the agent was asked is not recorded, or earlier text was cut out of the trace.',
  falsePositives:
    'Values that the model knows by heart (airport codes, public addresses), values it is asked to make up, and values given in an image.',
  defaultThreshold: 'no such value',
  start: (context) => new Grounding(context),
};

/** The leaves of a call's arguments, and the numbers of an arithmetic expression one by one. */
function* valuesOf(action: Action, number: number): Generator<ArgumentLeaf> {
  for (const leaf of argumentLeaves(action, number)) {
    const { key, value } = leaf;
    if (typeof value === 'string' && key === 'expression' && /^[\d\s.,+\-*/()%]{3,200}$/.test(value)) {
      for (const found of numbersIn(value)) yield { ...leaf, value: found.value, key: 'number' };
    } else yield leaf;
  }
}

/** Kinds of values whose origin matters. Paths only count where a thing that was never seen is destroyed. */
const IDENTITY: readonly LeafKind[] = ['number', 'date', 'identifier', 'address'];

/** A value in a call whose origin matters. */
interface Question {
  readonly action: Action;
  readonly leaf: ArgumentLeaf;
}

class Grounding implements Observer {
  private latest: { readonly step: Step; readonly questions: readonly Question[] } | undefined;
  private readonly findings: Finding[] = [];
  private readonly reported = new Set<string>();
  private checked = 0;
  private given = false;

  constructor(private readonly context: EvaluationContext) {
    this.given = context.run.systemPrompt !== undefined || context.run.goal !== undefined;
  }

  asks(step: Step): boolean {
    return this.questionsOf(step).length > 0;
  }

  step(step: Step): void {
    this.context.values.add(step);
    // Whatever is used may stand in the request, as long as none is recorded.
    if (this.given) for (const question of this.questionsOf(step)) this.answer(step, question);
    // A note of the system, as a list of tools, is no request.
    this.given ||= step.message !== undefined && step.kind === 'user';
  }

  /** The values in the step's calls whose origin matters. A step is mostly asked for them twice in a row. */
  private questionsOf(step: Step): readonly Question[] {
    if (this.latest?.step === step) return this.latest.questions;
    const questions: Question[] = [];
    for (const [i, action] of step.actions.entries()) {
      if (!action.argumentsRecorded) continue;
      for (const leaf of valuesOf(action, i)) {
        // What a user-interface action is aimed at was on the screen.
        if (leaf.value === action.target?.element) continue;
        const kind = leafKindOf(leaf.key, leaf.value);
        const matters =
          IDENTITY.includes(kind) || (kind === 'path' && this.context.effectOf(action) === 'irreversible');
        if (matters) questions.push({ action, leaf });
      }
    }
    this.latest = { step, questions };
    return questions;
  }

  private answer(step: Step, { action, leaf }: Question): void {
    const effect = this.context.effectOf(action);
    const found = lookUp(this.context.values, leaf, step.index);
    const { key, value, pointer } = leaf;
    this.checked++;
    if (found.kind !== 'nowhere') return;
    // The agent goes on with a value once it has made it up: the first use is the one to fix.
    const identity = `${key} ${String(value)} ${isWrite(effect)}`;
    if (this.reported.has(identity) || this.findings.length >= MOST_FINDINGS) return;
    this.reported.add(identity);
    this.findings.push(this.finding(step, action, pointer, key, value, found));
  }

  private finding(
    step: Step,
    action: Action,
    pointer: string,
    key: string,
    value: Json,
    { leaf, own, nearest }: LookedUp,
  ): Finding {
    const shown = cut(String(value), 60);
    const evidence: StepPlace[] = [];
    if (own !== undefined && own.step >= 0) evidence.push({ step: own.step, pointer: own.pointer, quote: shown });
    if (nearest !== undefined && nearest.text.step >= 0) {
      evidence.push({ step: nearest.text.step, pointer: nearest.text.pointer, quote: cut(nearest.value) });
    }
    const echo = own === undefined ? '' : `; the agent itself was the first to say it, at ${stepName(own.step)}`;
    const near =
      nearest === undefined || nearest.text.step < 0
        ? ''
        : ` The nearest earlier value is ${cut(nearest.value, 60)} at ${stepName(nearest.text.step)}.`;
    return {
      step: step.index,
      pointer,
      message: `${action.tool} was given ${key} ${shown}, which nothing before this step holds${echo}.${near}`,
      evidence,
      actual: shown,
      ...(nearest !== undefined && { expected: cut(nearest.value) }),
      confidence: leaf === 'number' || leaf === 'identifier' ? 'likely' : 'heuristic',
      // "Next Friday" gives no date to hold a date against.
      severity: !isWrite(this.context.effectOf(action)) ? 'information' : leaf === 'date' ? 'warning' : 'error',
    };
  }

  finish(_run: Run): Conclusion {
    const { findings, checked } = this;
    if (!this.given) return notApplicable('What the agent was asked (by the user or the system) is not recorded.');
    if (checked === 0) return notApplicable('No argument carries an identifier, a large number, a date or an address.');
    const index = this.context.values;
    const [gap] = findings.length > 0 ? index.incomplete : [];
    if (findings.length > 0 && (gap !== undefined || index.full)) {
      const why =
        gap === undefined
          ? 'the run holds more values than are remembered'
          : gap === index.unread
            ? `of a long text of ${stepName(gap.step)} only both ends were looked at`
            : `text was cut out of ${stepName(gap.step)}`;
      return notApplicable(
        `${counted(findings.length, 'value')} not found before ${findings.length === 1 ? 'its' : 'their'} use, but ${why}.`,
      );
    }
    const grave = findings.filter((finding) => finding.severity !== 'information');
    const [first] = grave.length > 0 ? grave : findings;
    const reason =
      first === undefined
        ? checked === 1
          ? 'The 1 checked value was given to the agent before it was used.'
          : `All of ${checked} checked values were given to the agent before they were used.`
        : grave.length > 0
          ? first.message
          : `Nothing in a changing call; ${counted(findings.length, 'value')} in other calls came from nowhere.`;
    return conclude(findings, checked, reason);
  }
}
