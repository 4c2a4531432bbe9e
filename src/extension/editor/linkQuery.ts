/** What a deep link points at. `step` is the index of the step in its run, from 0, as the CLI prints it. */
export interface LinkTarget {
  readonly file: string;
  readonly place?: { readonly run: string; readonly step: number };
}

/** The query of a link. */
export function linkQuery({ file, place }: LinkTarget): string {
  const query = new URLSearchParams({ file });
  if (place !== undefined) {
    query.set('run', place.run);
    query.set('step', String(place.step));
  }
  return query.toString();
}

/**
 * Reads a link's query; undefined when it names no file of this machine. A link comes from anywhere, so a network path
 * (`\\server\share`), which would send the user's credentials to that server, is refused.
 */
export function parseLinkQuery(text: string): LinkTarget | undefined {
  const query = new URLSearchParams(text);
  const file = query.get('file') ?? '';
  if (file === '' || /^[\\/]{2}/.test(file)) return undefined;
  const run = query.get('run');
  const step = Number(query.get('step') ?? '0');
  const place = run !== null && Number.isSafeInteger(step) && step >= 0 ? { run, step } : undefined;
  return { file, ...(place !== undefined && { place }) };
}
