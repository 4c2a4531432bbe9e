import { useState } from 'preact/hooks';
import type { JsonTable } from './jsonRows.ts';
import { Visible } from './Visible.tsx';

const SHOWN_ROWS = 50;
/** Cells up to this many characters stay in one line. */
const SHORT = 28;

/** Like records as a table; more rows on asking. */
export function Table({ table }: { readonly table: JsonTable }) {
  const [shown, setShown] = useState(SHOWN_ROWS);
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
              {row.map((cell) => (
                <td class={typeof cell === 'number' ? 'number' : String(cell).length <= SHORT ? 'short' : ''}>
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
