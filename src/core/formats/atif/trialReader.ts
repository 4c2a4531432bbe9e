import type { Neighbours } from '../../source/byteSource.ts';
import type { RecordLayout, RecordPlace } from '../../source/layout.ts';
import type { Run } from '../../trace/model.ts';
import { asFilledText, field, isObject, type JsonObject } from '../../util/json.ts';
import type { Cells, OpenCompanion, Outline, Reader, StepBody } from '../format.ts';
import { outcomeOf, withTrial } from './harborResult.ts';

const TRAJECTORY = 'agent/trajectory.json';

/** Reads a Harbor trial from its `result.json`: the steps are in the trajectory beside it. */
export class TrialReader implements Reader {
  readonly layout: RecordLayout = { encoding: 'json', records: [{ name: 'trial', path: [] }] };
  readonly columns = { trial: { trial: { path: [], kind: 'json' } } } as const;
  private trial: JsonObject = {};
  private records = 0;

  record(_place: RecordPlace, cells: Cells): undefined {
    this.records++;
    const { trial } = cells;
    if (isObject(trial)) this.trial = trial;
  }

  outline(): Outline {
    const name = asFilledText(field(this.trial, 'trial_name')) ?? 'trial';
    const run: Run = { id: name, title: name, steps: [] };
    return {
      runs: [withTrial(run, this.trial, outcomeOf(undefined, this.trial))],
      problems: [],
      metadata: this.records,
    };
  }

  body(): StepBody {
    return { actions: [] };
  }

  async join(outline: Outline, _neighbours: Neighbours, openCompanion: OpenCompanion): Promise<Outline> {
    const found = await openCompanion(TRAJECTORY);
    if (found !== undefined) {
      const why = `${TRAJECTORY} was joined, because this Harbor trial keeps its steps there.`;
      return { ...found, joined: [why, ...(found.joined ?? [])] };
    }
    const message = `The steps of this Harbor trial should be in ${TRAJECTORY}, which is not there or can't be read.`;
    return { ...outline, problems: [...outline.problems, { severity: 'note', message, records: 0 }] };
  }
}
