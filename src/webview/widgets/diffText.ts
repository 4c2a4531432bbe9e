export interface DiffLine {
  readonly kind: 'file' | 'hunk' | 'added' | 'removed' | 'same' | 'note';
  readonly text: string;
  /** Line numbers in the file before and after, where the line stands in them. */
  readonly before?: number;
  readonly after?: number;
}

/** True when a text is a unified diff: it has a hunk header, and files or changes around it. */
export function looksLikeDiff(text: string): boolean {
  const head = text.slice(0, 8000);
  return /^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m.test(head) && /^(diff --git |--- \S|\+\+\+ \S|Index: )/m.test(head);
}

/** Reads a unified diff line by line. Lines outside hunks are notes or file headers; nothing is left out. */
export function readDiff(text: string): DiffLine[] {
  let before = 0;
  let after = 0;
  /** Lines of the current hunk that are still to come, as its header announced. */
  let left = { before: 0, after: 0 };
  return text
    .replace(/\n$/, '')
    .split(/\r?\n/)
    .map((line): DiffLine => {
      const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (hunk !== null) {
        before = Number(hunk[1]);
        after = Number(hunk[3]);
        left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
        return { kind: 'hunk', text: line };
      }
      if (left.before <= 0 && left.after <= 0) {
        const isFile = /^(diff --git |--- |\+\+\+ |Index: )/.test(line);
        return { kind: isFile ? 'file' : 'note', text: line };
      }
      if (line.startsWith('+')) {
        left.after--;
        return { kind: 'added', text: line.slice(1), after: after++ };
      }
      if (line.startsWith('-')) {
        left.before--;
        return { kind: 'removed', text: line.slice(1), before: before++ };
      }
      if (line.startsWith('\\')) return { kind: 'note', text: line };
      left.before--;
      left.after--;
      return { kind: 'same', text: line.slice(1), before: before++, after: after++ };
    });
}
