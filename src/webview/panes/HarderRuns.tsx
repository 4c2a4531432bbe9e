import { harderRuns } from '../state/testForm.ts';
import type { TestFieldsProps } from './TestFields.tsx';

const NEEDS_AGENT = 'Only a test that runs the agent against the recording can ask for more than was recorded.';

/** Robustness variants: what else a replay asks of the agent, each with what speaks against it here. */
export function HarderRuns({ draft, form, disabled, onChange }: Omit<TestFieldsProps, 'problems'>) {
  const runs = harderRuns(draft, form);
  const isRun = form.mode === 'replay';
  const [first] = runs;
  const shared = runs.every(({ obstacle }) => obstacle === first?.obstacle) ? first?.obstacle : undefined;
  // What stands against all of them is said once.
  const whyNone = isRun ? shared : NEEDS_AGENT;
  const toggle = (id: string, isOn: boolean) => {
    const others = form.variants.filter((one) => one !== id);
    onChange({ variants: isOn ? [...others, id] : others });
  };
  return (
    <section class="field-group" aria-labelledby="harder-title" aria-describedby="harder-why">
      <h3 id="harder-title">Harder runs</h3>
      <p class="muted" id="harder-why">
        {whyNone === undefined ? 'Asked of the agent besides the recorded run.' : sentence(whyNone)}
      </p>
      <div class="choices">
        {runs.map(({ id, summary, obstacle }) => {
          const isPossible = isRun && obstacle === undefined;
          return (
            <label key={id} class={`choice ${isPossible ? '' : 'is-disabled'}`}>
              <input
                type="checkbox"
                checked={isPossible && form.variants.includes(id)}
                disabled={disabled || !isPossible}
                onChange={(event) => toggle(id, event.currentTarget.checked)}
              />
              <span>
                <span class="choice-title">{id}</span>
                <span class="muted choice-why">
                  {sentence(summary)} {whyNone === undefined && obstacle !== undefined && `Not here: ${obstacle}`}
                </span>
              </span>
            </label>
          );
        })}
      </div>
    </section>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`;
}
