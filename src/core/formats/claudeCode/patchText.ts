import { asArray, asNumber, asText, field, type Json } from '../../util/json.ts';

/** The unified diff of an edit from the `structuredPatch` that Claude Code keeps of it; undefined when there is none. */
export function patchText(toolUseResult: Json | undefined): string | undefined {
  const hunks = asArray(field(toolUseResult, 'structuredPatch'));
  if (hunks.length === 0) return undefined;
  const path = asText(field(toolUseResult, 'filePath')) ?? 'file';
  return [`--- ${path}`, `+++ ${path}`, ...hunks.flatMap(hunkLines)].join('\n');
}

function hunkLines(hunk: Json): string[] {
  const [oldStart, oldLines, newStart, newLines] = ['oldStart', 'oldLines', 'newStart', 'newLines'].map(
    (key) => asNumber(field(hunk, key)) ?? 0,
  );
  const lines = asArray(field(hunk, 'lines')).flatMap((line) => asText(line) ?? []);
  return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines];
}
