import { type Aligned, align } from '../compare/align.ts';
import { type ComparedCall, likeness } from '../compare/call.ts';
import { inWords } from '../compare/differences.ts';
import type { Step } from '../trace/model.ts';
import type { EvaluationContext } from './context.ts';
import type { Reference } from './reference.ts';
import { isWrite } from './shared/actions.ts';
import { argumentsText, CallLog, type LoggedCall } from './shared/callLog.ts';
import { ExpectedCalls, type Wanted } from './shared/expectedCalls.ts';
import { stepName } from './shared/wording.ts';
import type { Finding, Severity } from './verdict.ts';

/** An expected call and the call that stands in its place, or one of the two alone. */
export type Decision =
  | { readonly kind: 'right' | 'other'; readonly wanted: Wanted; readonly made: LoggedCall }
  /** `before`: the next call that was made in its place. `elsewhere`: it was made, but not in order. */
  | {
      readonly kind: 'missing';
      readonly wanted: Wanted;
      readonly before?: LoggedCall;
      readonly elsewhere?: LoggedCall;
    }
  | { readonly kind: 'unexpected' | 'forbidden'; readonly made: LoggedCall };

/** Calls of one tool that are compared with an expected one, where the order is free. */
const MOST_COMPARED = 200;

/** The run's calls beside those of a reference. Only calls that worked count. */
export class ReferenceMatch {
  readonly expected: ExpectedCalls;
  readonly log: CallLog;

  constructor(
    readonly reference: Reference,
    context: EvaluationContext,
  ) {
    this.expected = new ExpectedCalls(reference, context);
    this.log = CallLog.of(context);
  }

  step(step: Step): void {
    this.log.note(step);
  }

  /** The changes made that the reference expects, those it expects besides, those made besides; the order is free. */
  writes(): Decision[] {
    return this.multiset(
      this.expected.wanted.filter(({ effect }) => isWrite(effect)),
      this.log.calls.filter(({ effect }) => isWrite(effect)),
    );
  }

  /** The same for all calls: the order is free, and whatever else was called stands there too. */
  unordered(): Decision[] {
    return this.multiset(this.expected.wanted, this.log.calls);
  }

  /** Expected and made calls side by side, in order; `whole`: with the reads that no expected call is about. */
  ordered(whole: boolean): Decision[] {
    const made = whole ? this.log.calls : this.competing();
    const places = align(
      this.expected.wanted.map(({ call }) => call),
      made.map((logged) => this.expected.made(logged)),
    );
    const decisions = this.decisions(places, made, (wanted, logged) => this.isRight(wanted, logged));
    const spare = new Map<string, LoggedCall>();
    for (const one of decisions) {
      if (one.kind === 'unexpected' || one.kind === 'other') spare.set(this.expected.made(one.made).key, one.made);
    }
    return decisions.map((one): Decision => {
      if (one.kind !== 'missing' && one.kind !== 'other') return one;
      const elsewhere = spare.get(one.wanted.call.key);
      if (elsewhere === undefined) return one;
      const before = one.kind === 'missing' ? one.before : one.made;
      return { kind: 'missing', wanted: one.wanted, elsewhere, ...(before !== undefined && { before }) };
    });
  }

  /** The same by tools alone: a tool that was called elsewhere in the run was not left out, and reads besides are no fault. */
  tools(): Decision[] {
    const made = this.competing();
    const places = align(
      this.expected.wanted.map(({ call }) => byName(call)),
      made.map((logged) => byName(this.expected.made(logged))),
    );
    const toolOf = (logged: LoggedCall) => this.expected.made(logged).tool;
    const decisions = this.decisions(places, made, (wanted, logged) => wanted.call.tool === toolOf(logged));
    const spare = decisions.flatMap((one) => (one.kind === 'unexpected' || one.kind === 'other' ? [one.made] : []));
    const moved = new Map<Wanted, LoggedCall>();
    for (const one of decisions) {
      if (one.kind !== 'missing' && one.kind !== 'other') continue;
      const at = spare.findIndex((logged) => toolOf(logged) === one.wanted.call.tool);
      const [found] = at < 0 ? [] : spare.splice(at, 1);
      if (found !== undefined) moved.set(one.wanted, found);
    }
    const taken = new Set(moved.values());
    const isSpare = (logged: LoggedCall) => isWrite(logged.effect) && !taken.has(logged);
    const besides = (logged: LoggedCall): Decision[] =>
      isSpare(logged) && this.reference.partial !== true ? [{ kind: 'unexpected', made: logged }] : [];
    return decisions.flatMap((one): Decision[] => {
      if (one.kind === 'unexpected') return besides(one.made);
      if (one.kind !== 'missing' && one.kind !== 'other') return [one];
      const elsewhere = moved.get(one.wanted);
      if (elsewhere !== undefined) {
        return [
          { kind: 'right', wanted: one.wanted, made: elsewhere },
          ...(one.kind === 'other' ? besides(one.made) : []),
        ];
      }
      if (one.kind === 'missing' || isSpare(one.made)) return [one];
      return [{ kind: 'missing', wanted: one.wanted, before: one.made }];
    });
  }

  /** Calls that the reference forbids. */
  forbidden(): Decision[] {
    return this.log.calls.flatMap((made): Decision[] =>
      this.expected.forbids(made) ? [{ kind: 'forbidden', made }] : [],
    );
  }

  /** Calls that can stand in the place of an expected one: changes, and reads by a tool that the reference names. */
  private competing(): LoggedCall[] {
    return this.log.calls.filter((logged) => isWrite(logged.effect) || this.expected.expects(logged));
  }

  private decisions(
    places: readonly Aligned[],
    made: readonly LoggedCall[],
    isRight: (wanted: Wanted, logged: LoggedCall) => boolean,
  ): Decision[] {
    const decisions: Decision[] = [];
    let next: LoggedCall | undefined;
    for (const place of [...places].reverse()) {
      const wanted = 'left' in place ? this.expected.wanted[place.left] : undefined;
      const logged = 'right' in place ? made[place.right] : undefined;
      if (logged !== undefined) next = logged;
      if (wanted !== undefined && logged !== undefined) {
        decisions.push({ kind: isRight(wanted, logged) ? 'right' : 'other', wanted, made: logged });
      } else if (wanted !== undefined) {
        decisions.push({ kind: 'missing', wanted, ...(next !== undefined && { before: next }) });
      } else if (logged !== undefined) decisions.push({ kind: 'unexpected', made: logged });
    }
    return decisions.reverse();
  }

  /** Pairs whose order is free: first equal calls, then those that are right by their mode, then the likest of one tool. */
  private multiset(wanted: readonly Wanted[], made: readonly LoggedCall[]): Decision[] {
    const byTool = new Map<string, Set<LoggedCall>>();
    const byKey = new Map<string, LoggedCall[]>();
    for (const logged of made) {
      const { tool, key } = this.expected.made(logged);
      byTool.set(tool, (byTool.get(tool) ?? new Set()).add(logged));
      byKey.set(key, [...(byKey.get(key) ?? []), logged]);
    }
    const pairs = new Map<Wanted, LoggedCall>();
    const pairLeft = (choose: (one: Wanted, left: readonly LoggedCall[]) => LoggedCall | undefined) => {
      for (const one of wanted) {
        if (pairs.has(one)) continue;
        const left = byTool.get(one.call.tool) ?? new Set();
        const logged = choose(one, firstOf(left));
        if (logged === undefined) continue;
        left.delete(logged);
        pairs.set(one, logged);
      }
    };
    pairLeft((one) => byKey.get(one.call.key)?.shift());
    pairLeft((one, left) => left.find((logged) => this.isRight(one, logged)));
    pairLeft((one, left) => this.likest(one, left));
    return [
      ...wanted.map((one): Decision => {
        const logged = pairs.get(one);
        if (logged === undefined) return { kind: 'missing', wanted: one };
        return { kind: this.isRight(one, logged) ? 'right' : 'other', wanted: one, made: logged };
      }),
      ...[...(this.reference.partial === true ? [] : byTool.values())].flatMap((left) =>
        [...left].map((logged): Decision => ({ kind: 'unexpected', made: logged })),
      ),
    ];
  }

  private isRight(wanted: Wanted, logged: LoggedCall): boolean {
    return this.expected.differences(wanted, logged).length === 0;
  }

  private likest({ call }: Wanted, made: readonly LoggedCall[]): LoggedCall | undefined {
    const alike = made.map((logged) => ({ logged, by: likeness(call, this.expected.made(logged)) }));
    return alike.sort((a, b) => b.by - a.by)[0]?.logged;
  }

  /** What is wrong about a decision, at the step to fix; undefined when nothing is, or when no step can be named. */
  finding(decision: Decision): Finding | undefined {
    switch (decision.kind) {
      case 'right':
        return undefined;
      case 'other':
        return this.instead(decision.wanted, decision.made);
      case 'missing':
        return this.absent(decision);
      case 'unexpected':
        return unasked(decision.made, `The reference does not expect this call of ${decision.made.tool}.`);
      case 'forbidden':
        return {
          ...unasked(decision.made, `The reference forbids this call of ${decision.made.tool}.`),
          severity: 'error',
        };
    }
  }

  /** Findings of many decisions, in the order of steps. */
  findings(decisions: readonly Decision[]): Finding[] {
    return decisions.flatMap((one) => this.finding(one) ?? []).sort((a, b) => a.step - b.step);
  }

  private instead(wanted: Wanted, made: LoggedCall): Finding {
    const found = this.expected.differences(wanted, made);
    const other = found.some(({ pointer }) => pointer === '');
    const [first] = found;
    return {
      step: made.step,
      pointer: other || first?.actual === undefined ? `${made.pointer}/arguments` : `${made.pointer}${first.pointer}`,
      message: other
        ? `${made.tool} was called where the reference expects ${wanted.tool}.`
        : `${made.tool} ${inWords(found)}.`,
      evidence: [],
      expected: other ? wantedText(wanted) : argumentsText(wanted.expected.arguments ?? {}),
      actual: other ? `${made.tool} ${made.text}` : made.text,
      confidence: 'likely',
      severity: severityOf(wanted, made),
    };
  }

  private absent({ wanted, before, elsewhere }: Extract<Decision, { kind: 'missing' }>): Finding | undefined {
    const step = before?.step ?? this.log.last;
    if (step === undefined) return undefined;
    const where = before === undefined ? 'at the end' : 'before this';
    return {
      step,
      pointer: before?.pointer ?? '',
      message:
        elsewhere !== undefined
          ? `The reference expects ${wanted.tool} ${where}; it was called at ${stepName(elsewhere.step)}.`
          : before === undefined
            ? `The run ends without ${wanted.tool}, which the reference expects.`
            : `The reference expects ${wanted.tool} before this, and it was not called.`,
      evidence: elsewhere === undefined ? [] : [{ step: elsewhere.step, pointer: elsewhere.pointer }],
      expected: wantedText(wanted),
      confidence: 'likely',
      severity: severityOf(wanted),
    };
  }
}

/** Of a tool that is called thousands of times, not all calls are compared with all. */
function firstOf(made: ReadonlySet<LoggedCall>): LoggedCall[] {
  const first: LoggedCall[] = [];
  for (const logged of made) {
    if (first.length === MOST_COMPARED) break;
    first.push(logged);
  }
  return first;
}

function unasked(made: LoggedCall, message: string): Finding {
  return {
    step: made.step,
    pointer: `${made.pointer}/arguments`,
    message,
    evidence: [],
    actual: `${made.tool} ${made.text}`,
    confidence: 'likely',
    severity: severityOf(made),
  };
}

/** What only reads does no harm: a warning. What changes something, or might, is an error. */
function severityOf(...sides: readonly { readonly effect: Wanted['effect'] }[]): Severity {
  return sides.every(({ effect }) => effect === 'read') ? 'warning' : 'error';
}

function wantedText({ tool, expected }: Wanted): string {
  return expected.arguments === undefined ? tool : `${tool} ${argumentsText(expected.arguments)}`;
}

/** A call by its tool alone. */
function byName({ tool }: ComparedCall): ComparedCall {
  return { tool, key: tool, values: new Map(), argumentsRecorded: false };
}
