import { useMemo } from 'preact/hooks';
import { AnsiLines, type AnsiSpan, COLOURS, plainTerminal } from './ansi.ts';
import { useColumns } from './measure.ts';
import { RowsView } from './RowsView.tsx';
import { TextRows } from './textRows.ts';
import { Visible } from './Visible.tsx';

interface Props {
  readonly text: string;
  readonly label: string;
  readonly maxRows?: number;
  readonly terminal?: boolean;
  /** Scrolls to the first place that holds these words. */
  readonly show?: string | undefined;
  /** From where on the place is looked for, in UTF-16 units of the text. */
  readonly showFrom?: number;
}

/** Monospaced text of any length: lines are wrapped to the width, and only those on screen are drawn. */
export function LongText({ text, label, maxRows = 24, terminal = false, show, showFrom = 0 }: Props) {
  const { frame, columns } = useColumns<HTMLDivElement>();
  const clean = useMemo(() => withoutTabs(terminal ? plainTerminal(text) : text), [text, terminal]);
  // Sequences take no room on screen, so lines are measured without them and drawn with them.
  const colours = useMemo(() => (terminal ? coloursOf(clean) : undefined), [clean, terminal]);
  const shown = colours?.text ?? clean;
  const wide = useMemo(
    () => /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(shown),
    [shown],
  );
  const rows = useMemo(() => new TextRows(shown, wide ? Math.floor(columns / 2) : columns), [shown, columns, wide]);
  const found = show === undefined || show === '' ? -1 : shown.toLowerCase().indexOf(show.toLowerCase(), showFrom);
  return (
    <div ref={frame} class="long-text">
      <RowsView
        label={label}
        count={rows.count}
        maxRows={maxRows}
        class={terminal ? 'terminal' : ''}
        showRow={found < 0 ? undefined : rows.rowOf(found)}
        render={(row) => {
          const { line, start, end } = rows.row(row);
          if (colours !== undefined) return <Spans spans={sliceSpans(colours.ansi.spans(line), start, end)} />;
          return <Visible text={rows.line(line).slice(start, end)} />;
        }}
      />
    </div>
  );
}

function Spans({ spans }: { readonly spans: readonly AnsiSpan[] }) {
  return (
    <>
      {spans.map(({ text, classes, color, background }) =>
        classes === '' && color === undefined && background === undefined ? (
          <Visible text={text} />
        ) : (
          <span
            class={classes}
            style={{
              ...(color !== undefined && { color: mixed(color, '--ansi-share', 'var(--terminal)') }),
              ...(background !== undefined && {
                backgroundColor: mixed(background, '--ansi-share-behind', 'transparent'),
              }),
            }}
          >
            <Visible text={text} />
          </span>
        ),
      )}
    </>
  );
}

/** A colour of the trace's own choosing, made readable as the stylesheet makes the theme's. */
function mixed(color: string, share: string, other: string): string {
  return `color-mix(in srgb, ${color} var(${share}), ${other})`;
}

function coloursOf(text: string): { text: string; ansi: AnsiLines } {
  const lines = text.split('\n');
  return { text: text.replace(COLOURS, ''), ansi: new AnsiLines((line) => lines[line] ?? '') };
}

function sliceSpans(spans: readonly AnsiSpan[], start: number, end: number): AnsiSpan[] {
  const cut: AnsiSpan[] = [];
  let at = 0;
  for (const span of spans) {
    const text = span.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== '') cut.push({ ...span, text });
    at += span.text.length;
  }
  return cut;
}

function withoutTabs(text: string): string {
  return text.includes('\t') ? text.replaceAll('\t', '    ') : text;
}
