import type { Columns } from '../../format.ts';

/** The same columns of a value that stands at `path` of the record. */
export function prefixed(columns: Columns, path: readonly (string | number)[]): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, { ...column, path: [...path, ...column.path] }]),
  );
}
