import { describe, expect, it } from 'vitest';
import { looksLikeDiff, readDiff } from './diffText.ts';

const DIFF = `diff --git a/a.ts b/a.ts
--- a/a.ts
+++ b/a.ts
@@ -3,3 +3,3 @@ function f() {
 same
-old
+--- new
 end
\\ No newline at end of file
`;

describe('readDiff', () => {
  it('numbers the lines of both sides', () => {
    expect(readDiff(DIFF).map((line) => [line.kind, line.text, line.before, line.after])).toEqual([
      ['file', 'diff --git a/a.ts b/a.ts', undefined, undefined],
      ['file', '--- a/a.ts', undefined, undefined],
      ['file', '+++ b/a.ts', undefined, undefined],
      ['hunk', '@@ -3,3 +3,3 @@ function f() {', undefined, undefined],
      ['same', 'same', 3, 3],
      ['removed', 'old', 4, undefined],
      ['added', '--- new', undefined, 4],
      ['same', 'end', 5, 5],
      ['note', '\\ No newline at end of file', undefined, undefined],
    ]);
  });

  it('tells a diff from other text', () => {
    expect([looksLikeDiff(DIFF), looksLikeDiff('--- a\n+++ b\nno hunks'), looksLikeDiff('@@ -1 +1 @@')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
