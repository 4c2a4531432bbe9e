import { useState } from 'preact/hooks';
import { escapePointerPart, pointerParts } from '../../core/util/pointer.ts';
import type { JsonTable } from './jsonRows.ts';
import { Visible } from './Visible.tsx';

const SHOWN_ROWS = 50;
/** Cells up to this many characters stay in one line. */
const SHORT = 28;

interface Props {
  readonly table: JsonTable;
  /** JSON pointer of the value that is drawn. */
  readonly pointer: string;
  /** JSON pointer of a cell whose row must be drawn. */
  readonly reveal: string | undefined;
}

/** Like records as a table; more rows on asking. */
export function Table({ table, pointer, reveal }: Props) {
  const [wanted, setShown] = useState(SHOWN_ROWS);
  const shown = Math.max(wanted, rowOf(pointer, reveal) + 1);
  const hidden = table.rows.length - shown;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class="table-frame" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column}>
                <Visible text={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, shown).map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td
                  data-pointer={`${pointer}/${i}/${escapePointerPart(table.columns[j] ?? '')}`}
                  class={typeof cell === 'number' ? 'number' : String(cell).length <= SHORT ? 'short' : ''}
                >
                  {cell === undefined ? '' : <Visible text={typeof cell === 'string' ? cell : JSON.stringify(cell)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setShown(table.rows.length)}>
          Show {hidden} more rows
        </button>
      )}
    </div>
  );
}

/** The row that a pointer into the table leads to; -1 when none does. */
function rowOf(pointer: string, reveal: string | undefined): number {
  const [row = ''] = pointerParts(reveal?.slice(pointer.length) ?? '');
  return /^\d+$/.test(row) ? Number(row) : -1;
}
