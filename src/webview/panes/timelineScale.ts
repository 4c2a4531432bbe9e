import type { StepRow } from '../../core/trace/model.ts';

/** One step as the timeline draws it. */
export interface TimelineStep {
  readonly index: number;
  readonly lane: number;
  /** In the domain: positions of steps, or ms since the run's first time. */
  readonly start: number;
  readonly end: number;
  readonly tone: 'user' | 'action' | 'final' | 'other';
}

export interface TimelineData {
  readonly steps: readonly TimelineStep[];
  readonly byIndex: ReadonlyMap<number, TimelineStep>;
  readonly lanes: readonly string[];
  readonly domain: number;
}

const TONES: Partial<Record<StepRow['kind'], TimelineStep['tone']>> = {
  user: 'user',
  action: 'action',
  final: 'final',
};

/** Lays out steps by position: every step is equally wide. */
export function layoutBySteps(rows: readonly StepRow[], count: number): TimelineData {
  const lanes = new Lanes();
  const steps = rows.map((row) => ({
    index: row.index,
    lane: lanes.of(row),
    start: row.index,
    end: row.index + 1,
    tone: TONES[row.kind] ?? ('other' as const),
  }));
  return { steps, byIndex: byIndex(steps), lanes: lanes.names, domain: Math.max(1, count) };
}

/** Lays out steps by their recorded times; undefined when fewer than two steps have one. */
export function layoutByTime(rows: readonly StepRow[]): TimelineData | undefined {
  const timed = rows.filter((row) => row.startTime !== undefined);
  if (timed.length < 2) return undefined;
  let origin = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { startTime = 0, endTime } of timed) {
    origin = Math.min(origin, startTime);
    last = Math.max(last, endTime ?? startTime);
  }
  if (last <= origin) return undefined;
  const lanes = new Lanes();
  const steps = timed.map((row) => {
    const start = (row.startTime ?? origin) - origin;
    return {
      index: row.index,
      lane: lanes.of(row),
      start,
      end: row.endTime === undefined ? start : row.endTime - origin,
      tone: TONES[row.kind] ?? ('other' as const),
    };
  });
  return { steps, byIndex: byIndex(steps), lanes: lanes.names, domain: last - origin };
}

function byIndex(steps: readonly TimelineStep[]): Map<number, TimelineStep> {
  return new Map(steps.map((step) => [step.index, step]));
}

/** A lane for each agent, in order of appearance. Beyond the sixth they share the last one. */
class Lanes {
  readonly names: string[] = [];
  of(row: StepRow): number {
    const name = row.agent ?? (row.depth === 0 ? 'agent' : `sub-agent, level ${row.depth}`);
    // What the user and the system say stands in the first agent's lane.
    if (row.depth === 0 && row.kind !== 'action' && row.kind !== 'plan' && this.names.length > 0) return 0;
    const lane = this.names.indexOf(name);
    if (lane >= 0) return lane;
    if (this.names.length >= MAX_LANES) return MAX_LANES - 1;
    this.names.push(name);
    return this.names.length - 1;
  }
}

export const MAX_LANES = 6;

/** The part of the domain that is seen. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

export function toX(value: number, zoom: Zoom, width: number): number {
  return ((value - zoom.from) / (zoom.to - zoom.from)) * width;
}

export function toValue(x: number, zoom: Zoom, width: number): number {
  return zoom.from + (x / width) * (zoom.to - zoom.from);
}

/** The step at a value: the shortest of those around it (an inner one lies over its parent), else the nearest. */
export function stepAt(data: TimelineData, value: number, lane: number | undefined): number | undefined {
  let best: TimelineStep | undefined;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const step of data.steps) {
    const outside = value < step.start ? step.start - value : value > step.end ? value - step.end : 0;
    const score =
      outside * 1e6 + (step.end - step.start) + (lane === undefined || lane === step.lane ? 0 : data.domain);
    if (score < bestScore) {
      best = step;
      bestScore = score;
    }
  }
  return best?.index;
}
