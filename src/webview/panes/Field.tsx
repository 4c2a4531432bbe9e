import type { ComponentChildren } from 'preact';

/** A field with its problem below it, which screen readers say as it comes. */
export function Field({
  problem,
  children,
}: {
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`field ${problem === undefined ? '' : 'has-problem'}`}>
      {children}
      <p class="problem" role="status">
        {problem ?? ''}
      </p>
    </div>
  );
}
