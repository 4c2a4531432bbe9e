/**
 * A tool's own name without the prefixes by which hosts make it unique: `mcp__server__name`, `functions.name`,
 * `server/name`, `server.name`.
 */
export function bareToolName(tool: string): string {
  const mcp = /^mcp__.+?__(.+)$/.exec(tool)?.[1];
  if (mcp !== undefined) return mcp;
  return /^[\w-]+(?:\.[\w-]+)*[./]([\w-]+)$/.exec(tool)?.[1] ?? tool;
}

/** The words of a name, lower case: `searchDeletedOrders`, `search_deleted-orders` and `SearchDeletedOrders` are alike. */
export function wordsOfName(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
