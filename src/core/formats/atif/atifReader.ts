import type { Neighbours } from '../../source/byteSource.ts';
import type { Encoding, RecordLayout, RecordPlace, RecordSelector } from '../../source/layout.ts';
import type { Problem, Run, StepRow } from '../../trace/model.ts';
import { asArray, asFilledText, asNumber, asText, at, field, type Json } from '../../util/json.ts';
import type { Cells, Envelope, OpenCompanion, Outline, Reader, StepBody } from '../format.ts';
import { toolDeclarations } from '../shared/toolDeclarations.ts';
import { UniqueIds } from '../shared/uniqueIds.ts';
import { withHarborResult } from './harborResult.ts';
import { stepBody, usageOf } from './stepBody.ts';
import { STEP_COLUMNS } from './stepColumns.ts';
import { StepRows } from './stepRows.ts';
import { joinSubagents, linkSubagents, type Pending } from './subagents.ts';
import { type FoundTrajectory, keyOf, trajectoriesIn } from './trajectories.ts';

/** Reads one ATIF file: one step of the file is one step of the run. */
export class AtifReader implements Reader {
  readonly layout: RecordLayout;
  readonly columns = { step: STEP_COLUMNS, '': { document: { path: [], kind: 'json' } } } as const;
  private readonly steps = new Map<string, StepRows>();
  /** Documents that hold no step yet. */
  private readonly stepless: Envelope[] = [];
  /** The file says that it is a sub-agent's: the reward beside it is not its own. */
  private isSubagent = false;
  private pending: readonly Pending[] = [];
  private latest: { readonly place: RecordPlace; readonly steps: StepRows } | undefined;

  constructor(records: readonly RecordSelector[], encoding: Encoding) {
    this.layout = { encoding, records };
  }

  record(place: RecordPlace, cells: Cells): Problem | undefined {
    if (place.selector === '') {
      this.stepless.push({ document: place.document, value: cells.document ?? null });
      return undefined;
    }
    const range = { source: 0, start: place.start, end: place.end };
    const source = asText(cells.source);
    if (source === undefined) {
      const message = `The step at byte ${place.start} has no "source", so nobody can tell whose step it is; it was left out.`;
      return { severity: 'error', message, range, records: 1 };
    }
    this.stepsAt(place).add(cells, source, range);
    const unnamed = asArray(cells.callIds).length - asArray(cells.tools).length;
    if (unnamed <= 0) return undefined;
    const message = `The step at byte ${place.start} has ${unnamed} tool call(s) without a function name; see them under Raw.`;
    return { severity: 'warning', message, range, records: 0 };
  }

  outline(envelopes: readonly Envelope[]): Outline {
    const found = trajectoriesIn([...envelopes, ...this.stepless]);
    const known = new Set(found.trajectories.map(({ key }) => key));
    const nameless = [...this.steps.keys()].filter((key) => !known.has(key));
    const all: FoundTrajectory[] = [...found.trajectories, ...nameless.map((key) => ({ key, value: null, name: '' }))];
    const ids = new UniqueIds();
    const made = all.map((trajectory) => {
      const steps = this.steps.get(trajectory.key) ?? new StepRows();
      return { run: runOf(trajectory, steps, ids), trajectory, references: steps.references };
    });
    this.isSubagent = all.some(({ value }) => at(value, 'agent', 'extra', 'parent_session_id') !== undefined);
    const linked = linkSubagents(made);
    this.pending = linked.pending;
    return { runs: linked.runs, problems: found.problems, metadata: this.stepless.length };
  }

  body(_row: StepRow, parts: readonly Json[]): StepBody {
    return stepBody(parts[0] ?? null);
  }

  async join(outline: Outline, neighbours: Neighbours, openCompanion: OpenCompanion): Promise<Outline> {
    const joined = await joinSubagents(outline, this.pending, neighbours, openCompanion);
    return this.isSubagent ? joined : withHarborResult(joined, neighbours);
  }

  /** Steps stand one after the other: most are of the same trajectory as the one before. */
  private stepsAt(place: RecordPlace): StepRows {
    const { latest } = this;
    if (latest !== undefined && standBeside(latest.place, place)) return latest.steps;
    const steps = this.stepsOf(keyOf(place.document, place.path.slice(0, -2)));
    this.latest = { place, steps };
    return steps;
  }

  private stepsOf(key: string): StepRows {
    const known = this.steps.get(key);
    if (known !== undefined) return known;
    const made = new StepRows();
    this.steps.set(key, made);
    return made;
  }
}

function standBeside(a: RecordPlace, b: RecordPlace): boolean {
  const depth = a.path.length - 2;
  if (a.document !== b.document || b.path.length - 2 !== depth) return false;
  for (let i = 0; i < depth; i++) if (a.path[i] !== b.path[i]) return false;
  return true;
}

function runOf({ value, key, name }: FoundTrajectory, steps: StepRows, runIds: UniqueIds): Run {
  const { goal, systemPrompt, startTime, endTime } = steps;
  const rows = steps.finished();
  const agent = asFilledText(at(value, 'agent', 'name'));
  const model = asFilledText(at(value, 'agent', 'model_name'));
  const version = asFilledText(at(value, 'agent', 'version'));
  const tools = toolDeclarations(at(value, 'agent', 'tool_definitions'));
  const usage = usageOf(field(value, 'final_metrics'), 'total_') ?? steps.usage;
  const cost = asNumber(at(value, 'final_metrics', 'total_cost_usd')) ?? steps.cost;
  const id = asFilledText(field(value, 'trajectory_id')) ?? asFilledText(field(value, 'session_id')) ?? name;
  const cohort = { ...(model && { model }), ...(agent && { agent }), ...(version && { agentVersion: version }) };
  return {
    id: runIds.take(id === '' ? `trajectory ${key}`.trim() : id),
    title: agent ?? (id === '' ? 'Trajectory' : id),
    ...(goal !== undefined && { goal: goal.text, goalStep: goal.step }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(tools !== undefined && { tools }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    steps: rows,
    ...(usage !== undefined && { usage }),
    ...(cost !== undefined && { cost }),
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(Object.keys(cohort).length > 0 && { cohort }),
    ended: rows.at(-1)?.kind === 'final' ? 'final-answer' : 'unknown',
  };
}
