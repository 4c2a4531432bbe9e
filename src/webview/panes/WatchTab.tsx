import { useState } from 'preact/hooks';
import { useSession, useView } from '../state/context.ts';
import { Button, TextField } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';
import { JsonValue } from './Content.tsx';

/** Expressions whose values are shown at every step. */
export function WatchTab() {
  const session = useSession();
  const watches = useView((view) => view.watches);
  const values = useView((view) => view.watchValues);
  const step = useView((view) => view.step);
  const [expression, setExpression] = useState('');
  const add = () => {
    session.details.addWatch(expression.trim());
    setExpression('');
  };
  return (
    <>
      <div class="watch-form">
        <TextField
          label="Expression to watch"
          placeholder="arguments.order_id"
          value={expression}
          onInput={setExpression}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
          }}
        />
        <Button onClick={add}>Watch</Button>
      </div>
      {watches.length === 0 && (
        <p class="empty">
          Watch a value from step to step: <code>arguments.order_id</code>, <code>size(observation.text)</code>,{' '}
          <code>tokens</code>. The language is CEL, the same as in conditional breakpoints.
        </p>
      )}
      <ul class="watch-list">
        {watches.map((watch) => {
          const value = values.find((v) => v.expression === watch);
          return (
            <li key={watch}>
              <div class="watch-head">
                <code>
                  <Visible text={watch} />
                </code>
                <Button
                  appearance="icon"
                  label={`Stop watching ${watch}`}
                  onClick={() => session.details.removeWatch(watch)}
                >
                  <Icon name="close" />
                </Button>
              </div>
              {value === undefined ? (
                <span class="muted late">…</span>
              ) : value.ok ? (
                <JsonValue key={step} value={value.value} pointer="" label={watch} budget={20} />
              ) : (
                <p class="problem">
                  <Visible text={value.problem} />
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
