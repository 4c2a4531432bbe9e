import { type ComponentChildren, Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import { assertNever } from '../../core/util/assertNever.ts';
import type { Correction, TestDraft } from '../../protocol/webviewApi.ts';
import { focusSoon, TITLE_FIELD } from '../state/focus.ts';
import { correctionFields, correctionKinds, runnerFields, type TestForm } from '../state/testForm.ts';
import { TextArea, TextField } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';

interface Props {
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
export function TestFields({ draft, form, problems, disabled, onChange }: Props) {
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

/** What else there is to say of a correction; it stands below it. */
function CorrectionDetails({ draft, form, problems, disabled, onChange }: Props) {
  switch (form.correction) {
    case 'askFirst':
      return null;
    case 'mustNotClaim':
      return (
        <div class="correction-details">
          <Field problem={problems.claim}>
            <TextArea
              label="What must not be said (whatever its case and spaces)"
              showLabel
              rows={2}
              value={form.claim}
              disabled={disabled}
              onInput={(claim) => onChange({ claim })}
            />
          </Field>
        </div>
      );
    case 'edit':
    case 'forbid':
    case 'require':
      return (
        <div class="correction-details">
          {form.correction === 'require' && (
            <Field problem={problems.tool}>
              <ToolField tools={draft.tools} tool={form.tool} disabled={disabled} onChange={onChange} />
            </Field>
          )}
          <Field problem={problems.argumentsText}>
            <TextArea
              label={
                form.correction === 'forbid'
                  ? `Arguments of ${form.tool} that make it wrong (JSON; {} forbids every call)`
                  : `Arguments of ${form.tool} (JSON)`
              }
              showLabel
              class="json-field"
              rows={Math.min(12, Math.max(3, form.argumentsText.split('\n').length + 1))}
              value={form.argumentsText}
              disabled={disabled}
              onInput={(argumentsText) => onChange({ argumentsText })}
            />
          </Field>
        </div>
      );
    default:
      return assertNever(form.correction);
  }
}

interface ToolFieldProps extends Pick<Props, 'disabled' | 'onChange'> {
  readonly tools: readonly string[];
  readonly tool: string;
}

/** One of the tools that the run knows; any, when it knows none. */
function ToolField({ tools, tool, disabled, onChange }: ToolFieldProps) {
  if (tools.length === 0) {
    return <TextField label="Tool" showLabel value={tool} disabled={disabled} onInput={(tool) => onChange({ tool })} />;
  }
  return (
    <label class="native-field">
      Tool
      <select value={tool} onChange={(event) => onChange({ tool: event.currentTarget.value })}>
        {[...new Set([...tools, tool])].map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
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

interface RedactionsProps {
  readonly redactions: TestDraft['redactions'];
  readonly released: readonly string[];
  readonly disabled: boolean;
  onRelease(released: readonly string[]): void;
}

function Redactions({ redactions, released, disabled, onRelease }: RedactionsProps) {
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

function Field({ problem, children }: { readonly problem: string | undefined; readonly children: ComponentChildren }) {
  return (
    <div class={`field ${problem === undefined ? '' : 'has-problem'}`}>
      {children}
      <p class="problem" role="status">
        {problem ?? ''}
      </p>
    </div>
  );
}

interface ChoicesProps<T extends string> {
  readonly name: string;
  readonly value: T;
  readonly choices: readonly {
    readonly value: T;
    readonly title: string;
    readonly why: string;
    readonly available: boolean;
  }[];
  readonly onChange: (value: T) => void;
  /** What there is to say of the chosen one, below it. */
  readonly children?: ComponentChildren;
}

/** Radio buttons that say why each may be chosen, or why it may not. */
function Choices<T extends string>({ name, value, choices, onChange, children }: ChoicesProps<T>) {
  return (
    <div class="choices" role="radiogroup" aria-labelledby={`${name}-title`}>
      {choices.map((choice) => (
        <Fragment key={choice.value}>
          <label class={`choice ${choice.available ? '' : 'is-disabled'}`}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              disabled={!choice.available}
              onChange={() => onChange(choice.value)}
            />
            <span>
              <span class="choice-title">{choice.title}</span>
              <span class="muted choice-why">{choice.why}</span>
            </span>
          </label>
          {choice.value === value && children}
        </Fragment>
      ))}
    </div>
  );
}
