import type { Finding, Severity } from '../../core/evaluators/verdict.ts';
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
