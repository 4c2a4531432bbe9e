import type { Finding, ModelNote, Severity } from '../../core/evaluators/verdict.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';

const ICONS: Record<Severity, readonly [icon: string, tone: string, word: string]> = {
  error: ['error', 'tone-error', 'Error'],
  warning: ['warning', 'tone-warning', 'Warning'],
  information: ['info', 'tone-info', 'Information'],
};

/** A severity as an icon with its word for screen readers and as a tooltip. */
export function SeverityIcon({ severity }: { readonly severity: Severity }) {
  const [icon, tone, word] = ICONS[severity];
  return (
    <span class={`severity ${tone}`} title={word}>
      <Icon name={icon} />
      <span class="sr-only">{word}: </span>
    </span>
  );
}

/** Expected against actual, where a finding says both. */
export function Comparison({ finding }: { readonly finding: Finding }) {
  const { expected, actual } = finding;
  if (expected === undefined && actual === undefined) return null;
  return (
    <span class="comparison">
      {expected !== undefined && (
        <>
          expected{' '}
          <code>
            <Visible text={expected} />
          </code>{' '}
        </>
      )}
      {actual !== undefined && (
        <>
          got{' '}
          <code>
            <Visible text={actual} />
          </code>
        </>
      )}
    </span>
  );
}

/** Says of a verdict that a model gave it: nobody should take it for what code has checked. */
export function ModelBadge({ judge }: { readonly judge: ModelNote | undefined }) {
  if (judge === undefined) return null;
  const when = judge.cached ? 'in an answer that was kept' : 'when it was asked';
  return (
    <span class="model-badge" title={`Not checked by code: said by ${judge.model} (${judge.host}), ${when}`}>
      <Icon name="hubot" /> model judge
    </span>
  );
}
