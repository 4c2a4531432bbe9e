/**
 * A tool's own name without the prefixes by which hosts make it unique: `mcp__server__name`, `functions.name`,
 * `server/name`, `server.name`.
 */
export function bareToolName(tool: string): string {
  return remembered(bareNames, tool, bareNameOf);
}

function bareNameOf(tool: string): string {
  const mcp = /^mcp__.+?__(.+)$/.exec(tool)?.[1];
  if (mcp !== undefined) return mcp;
  return /^[\w-]+(?:\.[\w-]+)*[./]([\w-]+)$/.exec(tool)?.[1] ?? tool;
}

/** The words of a name, lower case: `searchDeletedOrders`, `search_deleted-orders` and `SearchDeletedOrders` are alike. */
export function wordsOfName(name: string): readonly string[] {
  return remembered(wordLists, name, splitName);
}

function splitName(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Every check asks about the same few names at every step. */
const bareNames = new Map<string, string>();
const wordLists = new Map<string, readonly string[]>();
const MOST_NAMES = 1000;
const LONGEST_NAME = 100;

function remembered<T>(names: Map<string, T>, name: string, make: (name: string) => T): T {
  const known = names.get(name);
  if (known !== undefined) return known;
  const made = make(name);
  if (name.length > LONGEST_NAME) return made;
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, made);
  return made;
}
