import { useMemo } from 'preact/hooks';
import type { Json } from '../../core/util/json.ts';
import { useView } from '../state/context.ts';
import { countOf } from '../state/sentence.ts';
import { Icon } from '../widgets/Icon.tsx';
import { type StateChange, stateChanges } from '../widgets/stateChanges.ts';
import { Visible } from '../widgets/Visible.tsx';
import { JsonValue } from './Content.tsx';

/** The environment before and after the step, and what the step changed. */
export function StateTab() {
  const state = useView((view) => view.body?.step.state);
  const step = useView((view) => view.step);
  if (state === undefined || (state.before === undefined && state.after === undefined)) {
    return (
      <p class="empty">
        This trace records no state at this step. Traces that store the environment before and after an action (a
        database, files, a page) show here what the action changed.
      </p>
    );
  }
  const { before, after } = state;
  return (
    <div key={step}>
      {before !== undefined && after !== undefined && <Changes before={before} after={after} />}
      {after !== undefined && (
        <details class="group" open={before === undefined}>
          <summary>After the step</summary>
          <JsonValue value={after} pointer="/state/after" label="State after" budget={40} />
        </details>
      )}
      {before !== undefined && (
        <details class="group" open={after === undefined}>
          <summary>Before the step</summary>
          <JsonValue value={before} pointer="/state/before" label="State before" budget={40} />
        </details>
      )}
    </div>
  );
}

const KINDS: Record<StateChange['kind'], readonly [icon: string, word: string]> = {
  added: ['diff-added', 'added'],
  removed: ['diff-removed', 'removed'],
  changed: ['diff-modified', 'changed'],
};

function Changes({ before, after }: { readonly before: Json; readonly after: Json }) {
  const changes = useMemo(() => stateChanges(before, after), [before, after]);
  if (changes.length === 0) return <p class="empty">The step changed nothing of the recorded state.</p>;
  return (
    <section aria-label="Changes">
      <h3>{countOf(changes.length, 'change')}</h3>
      <ul class="change-list">
        {changes.slice(0, 300).map((change) => {
          const [icon, word] = KINDS[change.kind];
          return (
            <li key={change.pointer} class={`change change-${change.kind}`}>
              <span title={word}>
                <Icon name={icon} />
                <span class="sr-only">{word} </span>
              </span>
              <code>
                <Visible text={change.pointer === '' ? '(all)' : change.pointer} />
              </code>
              {change.before !== undefined && (
                <del>
                  <Visible text={short(change.before)} />
                </del>
              )}
              {change.after !== undefined && (
                <ins>
                  <Visible text={short(change.after)} />
                </ins>
              )}
            </li>
          );
        })}
      </ul>
      {changes.length > 300 && <p class="muted">and {changes.length - 300} more; see the whole state below</p>}
    </section>
  );
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}
