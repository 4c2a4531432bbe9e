import type { Problem } from '../../trace/model.ts';
import { asArray, asText, field, isObject, type Json, type JsonObject } from '../../util/json.ts';
import { pointerOf } from '../../util/pointer.ts';
import type { Envelope } from '../format.ts';

/** Sub-agents may embed sub-agents; those deeper than this are said to be left out. */
export const MAX_EMBEDDED = 8;

/** The newest version whose fields are all known here. */
const NEWEST = 'ATIF-v1.7';

/** A trajectory without its steps. */
export interface FoundTrajectory {
  readonly key: string;
  readonly value: Json;
  /** Its name in a map of trajectories, or `''`. */
  readonly name: string;
  /** The key of the trajectory that it is embedded in. */
  readonly parentKey?: string;
}

/** Where a trajectory stands: the document and the path of the object that holds its steps. */
export function keyOf(document: number, path: readonly (string | number)[]): string {
  return `${document}:${pointerOf(path)}`;
}

/** All trajectories of the documents (whose steps are cut out), parents before the sub-agents that they embed. */
export function trajectoriesIn(envelopes: readonly Envelope[]): {
  readonly trajectories: FoundTrajectory[];
  readonly problems: Problem[];
} {
  const trajectories: FoundTrajectory[] = [];
  const problems: Problem[] = [];
  const add = (
    document: number,
    path: readonly (string | number)[],
    value: JsonObject,
    depth: number,
    above?: string,
  ) => {
    const key = keyOf(document, path);
    const last = path.at(-1);
    const name = typeof last === 'string' ? last : '';
    trajectories.push({ key, value, name, ...(above !== undefined && { parentKey: above }) });
    const embedded = asArray(field(value, 'subagent_trajectories'));
    if (depth === MAX_EMBEDDED && embedded.length > 0) {
      problems.push(
        leftOut(`${embedded.length} sub-agents are nested deeper than ${MAX_EMBEDDED} levels and were left out.`),
      );
      return;
    }
    for (const [i, child] of embedded.entries()) {
      if (isObject(child)) add(document, [...path, 'subagent_trajectories', i], child, depth + 1, key);
    }
  };
  for (const { document, value } of envelopes) {
    if (isTrajectory(value)) add(document, [], value, 0);
    else {
      const members = Array.isArray(value) ? [...value.entries()] : Object.entries(isObject(value) ? value : {});
      for (const [name, member] of members) if (isTrajectory(member)) add(document, [name], member, 0);
    }
  }
  const newer = trajectories.map(({ value }) => asText(field(value, 'schema_version')) ?? '').find(isNewer);
  if (newer !== undefined) {
    const message = `The file is ${newer}, newer than ${NEWEST}, which is what is known here; what is new in it is shown under Raw.`;
    problems.push({ severity: 'note', message, records: 0 });
  }
  return { trajectories, problems };
}

function isTrajectory(value: Json): value is JsonObject {
  return isObject(value) && (Array.isArray(field(value, 'steps')) || field(value, 'schema_version') !== undefined);
}

function isNewer(version: string): boolean {
  const [, major, minor] = /^ATIF-v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) > 7);
}

function leftOut(message: string): Problem {
  return { severity: 'error', message, records: 0 };
}
