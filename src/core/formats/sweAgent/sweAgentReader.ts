import type { Neighbours } from '../../source/byteSource.ts';
import type { RecordPlace } from '../../source/layout.ts';
import type { ByteRange, Problem, Run, StepRow } from '../../trace/model.ts';
import { asArray, asText, type Json } from '../../util/json.ts';
import type { Cells, Envelope, Outline, Reader, StepBody } from '../format.ts';
import { UNNAMED_TOOL } from '../shared/chat/readCalls.ts';
import { joinReport } from '../shared/joinReport.ts';
import { previewOfText } from '../shared/preview.ts';
import { type HistoryMessage, matchHistory } from './matchHistory.ts';
import { sweBody } from './sweBody.ts';
import { MESSAGE_COLUMNS, STEP_COLUMNS } from './sweColumns.ts';
import { callOfAction, isHarnessExit } from './sweCommand.ts';
import { errorInEndsOf } from './sweErrors.ts';
import { sweRun } from './sweRun.ts';

/** What the step list keeps of a trajectory's step. */
export interface TrajectoryStep {
  readonly action: string;
  readonly preview: string;
  readonly failed: boolean;
  readonly observed: boolean;
  readonly range: ByteRange;
}

export class SweAgentReader implements Reader {
  readonly layout = {
    encoding: 'json' as const,
    records: [
      { name: 'step', path: ['trajectory', '*'] },
      { name: 'message', path: ['history', '*'] },
    ],
  };
  readonly columns = { step: STEP_COLUMNS, message: MESSAGE_COLUMNS };
  private readonly trajectory: TrajectoryStep[] = [];
  private readonly history: HistoryMessage[] = [];

  constructor(private readonly fileName: string) {}

  record(place: RecordPlace, cells: Cells): Problem | undefined {
    const range = { source: 0, start: place.start, end: place.end };
    if (place.selector === 'step') this.trajectory.push(stepOf(cells, range));
    else this.history.push(messageOf(cells, range));
    return undefined;
  }

  outline(envelopes: readonly Envelope[]): Outline {
    const matched = matchHistory(
      this.trajectory.map((step) => step.action),
      this.history,
    );
    const opening = matched.opening.map((message, index) => openingRow(message, index));
    const rows = this.trajectory.map((step, i) => stepRow(step, matched.answers[i] ?? [], opening.length + i, i));
    const run = sweRun([...opening, ...rows], matched.opening, envelopes[0]?.value, this.fileName);
    const problems: Problem[] =
      matched.strays === 0
        ? []
        : [
            {
              severity: 'note',
              message: `${matched.strays} messages of the history belong to no step of the trajectory (the agent asked again); they are not shown.`,
              records: 0,
            },
          ];
    return { runs: [run], problems, metadata: matched.demos + matched.strays };
  }

  body(row: StepRow, parts: readonly Json[]): StepBody {
    return sweBody(row, parts);
  }

  join(outline: Outline, neighbours: Neighbours): Promise<Outline> {
    return joinReport(outline, neighbours, (run: Run) => run.id);
  }
}

function stepOf(cells: Cells, range: ByteRange): TrajectoryStep {
  const action = asText(cells.action) ?? '';
  const said = asText(cells.thought) || asText(cells.response) || '';
  const head = asText(cells.observation);
  return {
    action,
    preview: previewOfText(action.trim() === '' || isHarnessExit(action) ? said || action : action),
    failed: head !== undefined && errorInEndsOf(head, asText(cells.observationEnd) ?? head).isError === true,
    observed: head !== undefined,
    range,
  };
}

function messageOf(cells: Cells, range: ByteRange): HistoryMessage {
  const texts = asArray(cells.texts).map((text) => asText(text) ?? '');
  return {
    role: asText(cells.role) ?? '',
    agent: asText(cells.agent),
    isDemo: cells.isDemo === true,
    action: asText(cells.action),
    text: texts.length > 0 ? texts.join('\n') : (asText(cells.content) ?? ''),
    tools: asArray(cells.callNames).map((name) => asText(name) ?? UNNAMED_TOOL),
    range,
  };
}

function openingRow(message: HistoryMessage, index: number): StepRow {
  return {
    index,
    id: `history-${index}`,
    kind: message.role === 'system' ? 'system' : 'user',
    tools: [],
    preview: previewOfText(message.text),
    depth: 0,
    parent: -1,
    end: index + 1,
    status: 'ok',
    childRuns: [],
    parts: [message.range],
  };
}

function stepRow(step: TrajectoryStep, answers: readonly HistoryMessage[], index: number, position: number): StepRow {
  const called = answers[0]?.tools ?? [];
  const inText = callOfAction(step.action);
  const tools = called.length > 0 ? called : inText === undefined ? [] : [inText.tool];
  const exit = isHarnessExit(step.action);
  // What came of no call is shown of none.
  const failed = step.failed && tools.length > 0;
  const parts = [step.range, ...answers.map((message) => message.range)].sort((a, b) => a.start - b.start);
  return {
    index,
    id: `step-${position}`,
    kind: tools.length > 0 ? 'action' : exit ? 'other' : 'plan',
    tools,
    preview: step.preview,
    depth: 0,
    parent: -1,
    end: index + 1,
    status: exit ? 'error' : failed ? 'suspect-error' : step.observed ? 'ok' : 'unknown',
    childRuns: [],
    parts,
  };
}
