import { useEffect } from 'preact/hooks';
import type { Correction, TestDraft } from '../../protocol/webviewApi.ts';
import { focusSoon, TITLE_FIELD } from '../state/focus.ts';
import { correctionFields, correctionKinds, runnerFields, type TestForm } from '../state/testForm.ts';
import { TextField } from '../toolkit.ts';
import { Visible } from '../widgets/Visible.tsx';
import { Choices } from './Choices.tsx';
import { CorrectionDetails } from './CorrectionDetails.tsx';
import { Field } from './Field.tsx';
import { HarderRuns } from './HarderRuns.tsx';
import { Redactions } from './Redactions.tsx';

export interface TestFieldsProps {
  readonly draft: TestDraft;
  readonly form: TestForm;
  readonly problems: Partial<Record<keyof TestForm, string>>;
  readonly disabled: boolean;
  readonly onChange: (change: Partial<TestForm>) => void;
}

const RUNNERS = { 'node-test': 'node:test', vitest: 'Vitest', jest: 'Jest', pytest: 'pytest' } as const;
const MODES = {
  'trace-check': 'Check recorded traces',
  'decision-point': 'Ask the agent for this decision',
  replay: 'Run the agent against the recording',
} as const;
const CORRECTIONS: Readonly<Record<Correction['kind'], { title: string; says: string }>> = {
  edit: { title: 'The same call, with other arguments', says: 'Change what was wrong.' },
  forbid: { title: 'This call must not be made', says: 'Calls with these arguments fail the test.' },
  askFirst: { title: 'Ask first', says: 'The user must have answered the agent before any call of the tool.' },
  require: { title: 'Another call must be made', says: 'The test fails unless it is.' },
  mustNotClaim: { title: 'The answer must not claim this', says: 'The test fails when the last text says so.' },
};

/** The fields of the dialog, in the order in which one thinks: what should have happened, then how to run it. */
export function TestFields({ draft, form, problems, disabled, onChange }: TestFieldsProps) {
  // The dialog opened with nothing to type into; now there is.
  useEffect(() => focusSoon(TITLE_FIELD), []);
  return (
    <fieldset class="test-fields" disabled={disabled}>
      <legend class="sr-only">The test</legend>
      <Field problem={problems.title}>
        <TextField
          label="Title"
          showLabel
          id={TITLE_FIELD}
          value={form.title}
          disabled={disabled}
          onInput={(title) => onChange({ title })}
        />
      </Field>

      <section class="field-group" aria-labelledby="correction-title">
        <h3 id="correction-title">What should have happened</h3>
        <RecordedCalls draft={draft} />
        <Choices
          name="correction"
          value={form.correction}
          choices={correctionKinds(draft).map((kind) => ({
            value: kind,
            title: CORRECTIONS[kind].title,
            why: draft.corrections.find(({ correction }) => correction.kind === kind)?.why ?? CORRECTIONS[kind].says,
            available: true,
          }))}
          onChange={(kind) => onChange(correctionFields(draft, kind))}
        >
          <CorrectionDetails draft={draft} form={form} problems={problems} disabled={disabled} onChange={onChange} />
        </Choices>
      </section>

      <section class="field-group" aria-labelledby="runner-title">
        <h3 id="runner-title">Test runner</h3>
        <Choices
          name="runner"
          value={form.runner}
          choices={draft.runners.map(({ id, available, why }) => ({ value: id, title: RUNNERS[id], why, available }))}
          onChange={(runner) => onChange(runnerFields(draft, form, runner))}
        />
      </section>

      <section class="field-group" aria-labelledby="mode-title">
        <h3 id="mode-title">How the test runs</h3>
        <Choices
          name="mode"
          value={form.mode}
          choices={draft.modes.map(({ id, available, why }) => ({ value: id, title: MODES[id], why, available }))}
          onChange={(mode) => onChange({ mode })}
        />
        {form.mode !== 'trace-check' && (
          <Field problem={problems.agent}>
            <label class="native-field">
              Agent: file and callable
              <input
                list="known-agents"
                value={form.agent}
                placeholder="src/agent.ts#run"
                onInput={(event) => onChange({ agent: event.currentTarget.value })}
              />
              <datalist id="known-agents">
                {draft.agents.map(({ path, name }) => (
                  <option key={`${path}#${name}`} value={`${path}#${name}`} />
                ))}
              </datalist>
            </label>
          </Field>
        )}
      </section>

      <HarderRuns draft={draft} form={form} disabled={disabled} onChange={onChange} />

      <section class="field-group" aria-labelledby="place-title">
        <h3 id="place-title">Where it goes</h3>
        <div class="two-fields">
          <Field problem={problems.folder}>
            <TextField
              label="Folder"
              showLabel
              value={form.folder}
              disabled={disabled}
              onInput={(folder) => onChange({ folder })}
            />
          </Field>
          <Field problem={problems.fileName}>
            <TextField
              label="File name"
              showLabel
              value={form.fileName}
              disabled={disabled}
              onInput={(fileName) => onChange({ fileName })}
            />
          </Field>
        </div>
        <Redactions
          redactions={draft.redactions}
          released={form.release}
          disabled={disabled}
          onRelease={(release) => onChange({ release })}
        />
      </section>
    </fieldset>
  );
}

function RecordedCalls({ draft }: { readonly draft: TestDraft }) {
  if (draft.calls.length === 0) {
    return (
      <p class="recorded-call">
        <span class="muted">Recorded: no call, but </span>
        <q>
          <Visible text={(draft.message ?? '').slice(0, 300)} />
        </q>
      </p>
    );
  }
  return (
    <p class="recorded-call">
      <span class="muted">Recorded: </span>
      {draft.calls.map(({ tool, arguments: args }) => (
        <code key={tool}>
          <Visible text={`${tool}(${JSON.stringify(args).slice(0, 300)})`} />
        </code>
      ))}
    </p>
  );
}
