import { type ComponentChildren, Fragment } from 'preact';

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
export function Choices<T extends string>({ name, value, choices, onChange, children }: ChoicesProps<T>) {
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
