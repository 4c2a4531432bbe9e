import type { ToolDeclaration } from '../trace/model.ts';
import { isObject, type Json } from '../util/json.ts';

/** Schemas that nest deeper are looked at so far only. */
const DEEPEST = 12;

/**
 * The values that tools' schemas allow by name (`enum`, `const`, `default`), as JSON text. Descriptions are left out: an
 * example in one ("such as sara_doe_496") that turns up as an argument is the very mistake to find.
 */
export function allowedValues(tools: readonly ToolDeclaration[]): string {
  const values: Json[] = [];
  const visit = (node: Json, depth: number): void => {
    if (depth > DEEPEST) return;
    if (Array.isArray(node)) for (const child of node) visit(child, depth + 1);
    if (!isObject(node)) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === 'enum' || key === 'const' || key === 'default') values.push(child);
      else visit(child, depth + 1);
    }
  };
  for (const tool of tools) visit(tool.inputSchema ?? null, 0);
  return JSON.stringify(values);
}
