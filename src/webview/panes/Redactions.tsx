import type { TestDraft } from '../../protocol/webviewApi.ts';
import { Icon } from '../widgets/Icon.tsx';

interface RedactionsProps {
  readonly redactions: TestDraft['redactions'];
  readonly released: readonly string[];
  readonly disabled: boolean;
  onRelease(released: readonly string[]): void;
}

/** What is replaced before anything is written, and whether the person wants it written all the same. */
export function Redactions({ redactions, released, disabled, onRelease }: RedactionsProps) {
  if (redactions.length === 0) return <p class="muted">No secrets were found in what is written.</p>;
  return (
    <details class="group">
      <summary>
        <Icon name="lock" /> Secrets replaced before writing <span class="badge">{redactions.length}</span>
      </summary>
      <ul class="plain-list">
        {redactions.map(({ rule, placeholder }) => (
          <li key={placeholder}>
            {rule} → <code>{placeholder}</code>{' '}
            <label class="muted">
              <input
                type="checkbox"
                checked={released.includes(placeholder)}
                disabled={disabled}
                aria-label={`Write what ${placeholder} stands for`}
                onChange={(event) => {
                  const others = released.filter((one) => one !== placeholder);
                  onRelease(event.currentTarget.checked ? [...others, placeholder] : others);
                }}
              />{' '}
              write it as it is
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
