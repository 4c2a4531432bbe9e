import type { Neighbours } from '../../source/byteSource.ts';
import type { Encoding, RecordLayout, RecordPlace, RecordSelector } from '../../source/layout.ts';
import type { Problem, Run, StepKind, StepRow, Usage } from '../../trace/model.ts';
import { asArray, asFilledText, asNumber, asText, at, field, type Json } from '../../util/json.ts';
import type { Cells, Envelope, OpenCompanion, Outline, Reader, StepBody } from '../format.ts';
import { previewOfText } from '../shared/preview.ts';
import { readTime } from '../shared/readTime.ts';
import { sumUsage, tokensOf } from '../shared/readUsage.ts';
import { toolDeclarations } from '../shared/toolDeclarations.ts';
import { UniqueIds } from '../shared/uniqueIds.ts';
import { withHarborResult } from './harborResult.ts';
import { MESSAGE_ACTION, stepBody, usageOf } from './stepBody.ts';
import { previewOfCut, STEP_COLUMNS } from './stepColumns.ts';
import { flagOf, judge, statusOf } from './stepErrors.ts';
import { joinSubagents, linkSubagents, type Reference, referenceOf } from './subagents.ts';
import { type FoundTrajectory, keyOf, trajectoriesIn } from './trajectories.ts';

/** A step as the list needs it, before it is known which step is the last. */
interface Draft {
  readonly row: Omit<StepRow, 'index' | 'end' | 'kind'>;
  readonly source: string;
  readonly text: string;
  readonly usage?: Usage;
  readonly references: readonly Reference[];
}

/** Reads one ATIF file: one step of the file is one step of the run. */
export class AtifReader implements Reader {
  readonly layout: RecordLayout;
  readonly columns = { step: STEP_COLUMNS, '': { document: { path: [], kind: 'json' } } } as const;
  private readonly drafts = new Map<string, Draft[]>();
  /** Documents that hold no step yet. */
  private readonly stepless: Envelope[] = [];
  /** The file says that it is a sub-agent's: the reward beside it is not its own. */
  private isSubagent = false;
  private pending: ReturnType<typeof linkSubagents>['pending'] = [];

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
    const key = keyOf(place.document, place.path.slice(0, -2));
    const drafts = this.drafts.get(key) ?? [];
    if (drafts.length === 0) this.drafts.set(key, drafts);
    drafts.push(draftOf(cells, source, range, drafts.length));
    const unnamed = asArray(cells.callIds).length - asArray(cells.tools).length;
    if (unnamed <= 0) return undefined;
    const message = `The step at byte ${place.start} has ${unnamed} tool call(s) without a function name; see them under Raw.`;
    return { severity: 'warning', message, range, records: 0 };
  }

  outline(envelopes: readonly Envelope[]): Outline {
    const found = trajectoriesIn([...envelopes, ...this.stepless]);
    const known = new Set(found.trajectories.map(({ key }) => key));
    const nameless = [...this.drafts.keys()].filter((key) => !known.has(key));
    const all: FoundTrajectory[] = [...found.trajectories, ...nameless.map((key) => ({ key, value: null, name: '' }))];
    const ids = new UniqueIds();
    const made = all.map((trajectory) => {
      const drafts = this.drafts.get(trajectory.key) ?? [];
      const references = drafts.map((draft) => draft.references);
      return { run: runOf(trajectory, drafts, ids), trajectory, references };
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
}

function draftOf(cells: Cells, source: string, range: StepRow['parts'][number], position: number): Draft {
  const named = asArray(cells.tools)
    .map(String)
    .filter((name) => name.trim() !== '');
  const heads = [...asArray(cells.heads), ...asArray(cells.partHeads)].map(String);
  const tails = [...asArray(cells.tails), ...asArray(cells.partTails)].map(String);
  const tools = named.length === 0 && source === 'agent' && heads.length > 0 ? [MESSAGE_ACTION] : named;
  const flag = flagOf(cells.resultIsError, cells.metadataIsError);
  const judged = judge(
    heads.map((head, i) => ({ head, tail: tails[i] ?? '' })),
    flag,
  );
  const messageTexts = asArray(cells.messageTexts).map(String);
  const text = messageTexts.length > 0 ? messageTexts.join('\n') : (asText(cells.message) ?? '');
  const args = asText(cells.firstArguments);
  const startTime = readTime(cells.time);
  const usage = usageOf(cells);
  const tokens = tokensOf(usage);
  const cost = asNumber(cells.cost);
  return {
    source,
    text,
    ...(usage && { usage }),
    references: asArray(cells.references).flatMap((value) => referenceOf(value) ?? []),
    row: {
      id: asText(cells.id) ?? String(position + 1),
      ...(cells.copied === true && { label: 'copied context' }),
      tools,
      preview:
        named.length > 0 && args !== undefined
          ? previewOfCut(args)
          : previewOfText(text || (asText(cells.reasoning) ?? '')),
      depth: 0,
      parent: -1,
      status: tools.length === 0 ? 'ok' : statusOf(judged, heads.length > 0),
      ...(startTime !== undefined && { startTime }),
      ...(tokens !== undefined && { tokens }),
      ...(cost !== undefined && { cost }),
      childRuns: [],
      parts: [range],
    },
  };
}

function runOf({ value, key, name }: FoundTrajectory, drafts: readonly Draft[], runIds: UniqueIds): Run {
  const stepIds = new UniqueIds();
  const steps = drafts.map(
    (draft, index): StepRow => ({
      ...draft.row,
      index,
      end: index + 1,
      id: stepIds.take(draft.row.id),
      kind: kindOf(draft, index === drafts.length - 1),
    }),
  );
  const goalStep = drafts.findIndex((draft) => draft.source === 'user');
  const goal = drafts[goalStep]?.text;
  const first = drafts[0];
  const agent = asFilledText(at(value, 'agent', 'name'));
  const model = asFilledText(at(value, 'agent', 'model_name'));
  const version = asFilledText(at(value, 'agent', 'version'));
  const tools = toolDeclarations(at(value, 'agent', 'tool_definitions'));
  const usage =
    usageOf(field(value, 'final_metrics'), 'total_') ?? sumUsage(drafts.flatMap((draft) => draft.usage ?? []));
  const costs = drafts.flatMap((draft) => draft.row.cost ?? []);
  const cost = asNumber(at(value, 'final_metrics', 'total_cost_usd')) ?? sum(...costs);
  const times = drafts.flatMap((draft) => draft.row.startTime ?? []);
  const id = asFilledText(field(value, 'trajectory_id')) ?? asFilledText(field(value, 'session_id')) ?? name;
  const cohort = { ...(model && { model }), ...(agent && { agent }), ...(version && { agentVersion: version }) };
  return {
    id: runIds.take(id === '' ? `trajectory ${key}`.trim() : id),
    title: agent ?? (id === '' ? 'Trajectory' : id),
    ...(goal !== undefined && { goal, goalStep }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(tools !== undefined && { tools }),
    ...(first?.source === 'system' && first.text !== '' && { systemPrompt: first.text }),
    steps,
    ...(usage !== undefined && { usage }),
    ...(cost !== undefined && { cost }),
    ...(times.length > 0 && {
      startTime: times.reduce((a, b) => Math.min(a, b)),
      endTime: times.reduce((a, b) => Math.max(a, b)),
    }),
    ...(Object.keys(cohort).length > 0 && { cohort }),
    ended: steps.at(-1)?.kind === 'final' ? 'final-answer' : 'unknown',
  };
}

function kindOf({ source, row }: Draft, last: boolean): StepKind {
  switch (source) {
    case 'user':
      return 'user';
    case 'system':
      return 'system';
    case 'agent':
      if (row.tools.length > 0) return 'action';
      return last ? 'final' : 'plan';
    default:
      return 'other';
  }
}

function sum(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
