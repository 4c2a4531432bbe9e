import { useState } from 'preact/hooks';
import { useSession, useView } from '../state/context.ts';
import { Button, Checkbox, TextField } from '../toolkit.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { Icon } from '../widgets/Icon.tsx';

const EXAMPLE = 'tool == "bash" && observation.isError';

/** Breakpoints of this file, and new ones on conditions. */
export function BreakpointsDialog() {
  const session = useSession();
  const breakpoints = useView((view) => view.breakpoints);
  const runs = useView((view) => (view.opening.status === 'opened' ? view.opening.summary.runs : []));
  const [expression, setExpression] = useState('');
  const [problem, setProblem] = useState('');
  const add = async () => {
    try {
      const checked = await session.host.checkCondition({ expression });
      setProblem(checked.problem ?? '');
      if (checked.problem !== undefined) return;
      session.breakpoints.addCondition(expression);
      setExpression('');
    } catch (thrown) {
      session.say(thrown);
    }
  };
  return (
    <Dialog title="Breakpoints" onClose={() => session.store.set({ dialog: undefined })}>
      <form
        class="condition-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField
          label="Stop wherever this holds"
          showLabel
          value={expression}
          placeholder={EXAMPLE}
          firstFocus
          onInput={setExpression}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void add();
          }}
        />
        <Button onClick={() => void add()}>Add</Button>
      </form>
      <p class="problem" role="alert">
        {problem}
      </p>
      <p class="muted">
        Conditions are written in CEL, with the variables tool, arguments, observation, kind, index, agent, status,
        thought, message, tokens, cost and duration. Example: <code>{EXAMPLE}</code>
      </p>
      {breakpoints.length === 0 && (
        <p class="muted">No breakpoints yet. Press b on a step, or click left of it, to stop there.</p>
      )}
      <ul class="breakpoint-list">
        {breakpoints.map(({ id, enabled, run, step, condition }) => (
          <li key={id}>
            <Checkbox checked={enabled} onChange={(on) => session.breakpoints.enable(id, on)}>
              {step !== undefined &&
                `Step ${step + 1}${runs.length > 1 ? ` of ${runs.find((r) => r.id === run)?.title ?? run}` : ''}`}
              {condition !== undefined && <code>{condition}</code>}
            </Checkbox>
            <Button appearance="icon" label="Remove the breakpoint" onClick={() => session.breakpoints.remove(id)}>
              <Icon name="trash" />
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
