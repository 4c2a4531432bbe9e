import type { Run, ToolDeclaration } from '../trace/model.ts';
import { hashOf, sha256Hex } from '../util/canonical.ts';

/** Where a run comes from, as far as groups can be made by it. */
export interface RunSource {
  readonly file: string;
  readonly format: string;
}

/** What groups can be made by besides the keys that a trace records itself (`task`, `domain`, `route`). */
export const GROUP_KEYS: readonly string[] = ['model', 'agent', 'prompt', 'tools', 'file', 'format'];

/** What stands for a key that a run does not record. */
export const NOT_RECORDED = '(not recorded)';

/** The value of a key for a run: what names its model, agent, prompt or tools, else what the trace records under that name. */
export function groupKey(run: Run, { file, format }: RunSource, key: string): string {
  return known(run, { file, format }, key) ?? recorded(run, key) ?? NOT_RECORDED;
}

function known(run: Run, { file, format }: RunSource, key: string): string | undefined {
  switch (key) {
    case 'model':
      return run.model;
    case 'agent':
      return run.agent;
    case 'file':
      return file;
    case 'format':
      return format;
    case 'prompt':
      return recorded(run, 'prompt version') ?? digest('prompt', run.systemPrompt && sha256Hex(run.systemPrompt));
    case 'tools':
      return recorded(run, 'tool schema version') ?? digest('tools', run.tools && schemasHash(run.tools));
    default:
      return undefined;
  }
}

/** A trace's own key, whatever way its words are put together: `prompt version`, `promptVersion`, `prompt_version`. */
function recorded(run: Run, key: string): string | undefined {
  const wanted = plain(key);
  return Object.entries(run.cohort ?? {}).find(([name]) => plain(name) === wanted)?.[1];
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** Versions that nobody numbered are told apart by their content. */
function digest(noun: string, hash: string | undefined): string | undefined {
  return hash === undefined || hash === '' ? undefined : `${noun} ${hash.slice(0, 8)}`;
}

function schemasHash(tools: readonly ToolDeclaration[]): string {
  const schemas = tools.map(({ name, inputSchema }) => ({ name, schema: inputSchema ?? null }));
  return hashOf(schemas.sort((a, b) => (a.name < b.name ? -1 : 1)));
}
