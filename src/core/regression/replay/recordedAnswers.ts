import type { Json } from '../../util/json.ts';
import type { Fixture, FixtureCall, Recording } from '../fixture.ts';
import { matchesArguments } from '../matchers.ts';
import { sameJson } from '../sameJson.ts';
import { withoutVolatile } from '../volatile.ts';
import { shown, times } from '../words.ts';
import { differences } from './differences.ts';

/** What the recording has for a call: an entry, the correction's place, or nothing and why. */
export type Match =
  | { readonly kind: 'recorded'; readonly entry: number; readonly recorded: Recording }
  /** The call that the fixture asks for. It was never made, so all that is known of its answer is that it was. */
  | { readonly kind: 'corrected' }
  | { readonly kind: 'missing'; readonly sentence: string; readonly nearest?: number };

type Recorded = Pick<Fixture, 'recording' | 'volatile' | 'expect' | 'failure' | 'order'>;

/**
 * Finds the recorded call that a call repeats. Each answers once, equal ones in the order in which they were made; in
 * sequential order only those whose turn it is, where calls that were made at once may come in any order.
 */
export class RecordedAnswers {
  private readonly used = new Set<number>();

  constructor(private readonly fixture: Recorded) {}

  /** Whether all calls before the failing decision were made again. */
  get reachedDecision(): boolean {
    return this.fixture.recording.slice(0, this.fixture.failure.position).every((_one, i) => this.used.has(i));
  }

  match(call: FixtureCall): Match {
    const { recording, expect } = this.fixture;
    const open = this.openEntries();
    const equal = open.find((i) => this.isEqual(recording[i], call));
    // What stands in a `match` speaks of calls that are like the recorded one; the one that is asked for goes first.
    const isCorrection = expect.some(
      (one) => one.kind === 'mustCall' && one.tool === call.tool && matchesArguments(one.arguments, call.arguments),
    );
    if (equal === undefined && isCorrection) return { kind: 'corrected' };
    const entry = equal ?? open.find((i) => isLike(recording[i], call));
    const recorded = entry === undefined ? undefined : recording[entry];
    if (entry === undefined || recorded === undefined) return this.missing(call);
    this.used.add(entry);
    return { kind: 'recorded', entry, recorded };
  }

  /** Entries that may answer now. */
  private openEntries(): number[] {
    const { recording } = this.fixture;
    const unused = recording.flatMap((_one, i) => (this.used.has(i) ? [] : [i]));
    const due = this.due();
    if (due === undefined) return unused;
    const step = recording[due]?.step;
    return step === undefined ? [due] : unused.filter((i) => recording[i]?.step === step);
  }

  /** In sequential order, the entry whose turn it is. Behind the decision under test a run may go another way. */
  private due(): number | undefined {
    const { recording, order, failure } = this.fixture;
    if (order !== 'sequential') return undefined;
    const next = recording.findIndex((_one, i) => !this.used.has(i));
    return next >= 0 && next < failure.position ? next : undefined;
  }

  private isEqual(recorded: Recording | undefined, { tool, arguments: args }: FixtureCall): boolean {
    const { volatile } = this.fixture;
    return (
      recorded?.tool === tool &&
      sameJson(withoutVolatile(recorded.arguments, volatile), withoutVolatile(args, volatile))
    );
  }

  private missing(call: FixtureCall): Match {
    const { recording } = this.fixture;
    const left = `the run left the recording: ${shown(call)}`;
    const due = this.due();
    const dueCall = due === undefined ? undefined : recording[due];
    if (due !== undefined && dueCall !== undefined) {
      return { kind: 'missing', sentence: `${left} came where call ${due + 1} was ${shown(dueCall)}.`, nearest: due };
    }
    const equal = recording.filter((recorded) => this.isEqual(recorded, call)).length;
    if (equal > 0) {
      return { kind: 'missing', sentence: `${left} was recorded ${times(equal)} and is made once more.` };
    }
    const nearest = this.nearest(call);
    if (nearest === undefined) return { kind: 'missing', sentence: `${left} was not recorded.` };
    const words = `recorded call ${nearest.entry + 1} differs in ${nearest.differs.slice(0, 3).join(', ')}`;
    return { kind: 'missing', sentence: `${left} was not recorded; ${words}.`, nearest: nearest.entry };
  }

  /** The recorded call of the tool that differs in the fewest places; of several one that has not answered yet. */
  private nearest({ tool, arguments: args }: FixtureCall): { entry: number; differs: string[] } | undefined {
    const { recording, volatile } = this.fixture;
    const strip = (one: FixtureCall['arguments']) => withoutVolatile(one, volatile);
    const [best] = recording
      .flatMap((recorded, entry) =>
        recorded.tool === tool ? [{ entry, differs: differences(strip(recorded.arguments), strip(args)) }] : [],
      )
      .sort(
        (a, b) =>
          a.differs.length - b.differs.length || Number(this.used.has(a.entry)) - Number(this.used.has(b.entry)),
      );
    return best;
  }
}

function isLike(recorded: Recording | undefined, { tool, arguments: args }: FixtureCall): boolean {
  return recorded?.match !== undefined && recorded.tool === tool && matchesArguments(recorded.match, args);
}

/** What a call gets that is the correction: nothing is known of its answer but that it was made. */
export const CORRECTED: Json = { status: 'ok' };
