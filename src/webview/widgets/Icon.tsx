/** A codicon. Its meaning always stands beside it in words, visible or for screen readers. */
export function Icon({ name, class: extra = '' }: { readonly name: string; readonly class?: string }) {
  return <span class={`codicon codicon-${name} ${extra}`} aria-hidden="true" />;
}
