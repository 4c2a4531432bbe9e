import { useMemo } from 'preact/hooks';
import { type DiffLine, readDiff } from './diffText.ts';
import { RowsView } from './RowsView.tsx';
import { Visible } from './Visible.tsx';

const SIGNS: Record<DiffLine['kind'], string> = {
  added: '+',
  removed: '-',
  same: ' ',
  hunk: ' ',
  file: ' ',
  note: ' ',
};

/** A unified diff: numbered lines, changes told by sign and colour. Long lines scroll sideways. */
export function Diff({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = useMemo(() => readDiff(text), [text]);
  return (
    <RowsView
      label={label}
      count={lines.length}
      maxRows={30}
      class="diff wide"
      render={(row) => {
        const line = lines[row];
        if (line === undefined) return null;
        return (
          <span class={`diff-line diff-${line.kind}`}>
            <span class="diff-number">{line.before ?? ''}</span>
            <span class="diff-number">{line.after ?? ''}</span>
            <span class="diff-sign">{SIGNS[line.kind]}</span>
            <Visible text={line.text.replaceAll('\t', '    ')} />
          </span>
        );
      }}
    />
  );
}
