import { asArray, asNumber, field, isObject, type Json } from '../util/json.ts';
import { COHORT_VERSION, type Cohort } from './cohort.ts';

/**
 * A cohort that was kept as a file, by `hindstep cohort --save`; undefined for anything else. Only its frame is checked:
 * a group without its metrics compares with nothing.
 */
export function readCohort(value: Json): Cohort | undefined {
  if (field(value, 'version') !== COHORT_VERSION || !Array.isArray(field(value, 'by'))) return undefined;
  const groups = [field(value, 'total'), ...asArray(field(value, 'groups'))];
  return groups.length > 1 && groups.every(isGroup) ? (value as unknown as Cohort) : undefined;
}

function isGroup(value: Json | undefined): boolean {
  return (
    typeof field(value, 'label') === 'string' &&
    asNumber(field(value, 'runs')) !== undefined &&
    isObject(field(value, 'metrics')) &&
    Array.isArray(field(value, 'evaluators'))
  );
}
