import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../toolkit.ts';
import { Icon } from './Icon.tsx';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly buttons?: ComponentChildren;
  readonly class?: string;
}

const FOCUSABLE =
  'vscode-button:not([disabled]), vscode-text-field, vscode-text-area, vscode-checkbox, button:not([disabled]), input, select, summary, [tabindex="0"]';

/** A modal dialog: the rest of the page is inert, Tab stays inside, Escape closes, and the focus returns. */
export function Dialog({ title, onClose, children, buttons, class: extra = '' }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    const first = dialog.current?.querySelector<HTMLElement>('[data-first-focus]');
    // Toolkit elements take the focus once their shadow is drawn.
    if (first !== null && first !== undefined) requestAnimationFrame(() => first.focus());
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${extra}`}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Tab' && dialog.current !== null) keepInside(event, dialog.current);
      }}
    >
      <div class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <Button appearance="icon" label="Close" onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <div class="dialog-body">{children}</div>
      {buttons !== undefined && <div class="dialog-buttons">{buttons}</div>}
    </dialog>
  );
}

/** Tab goes round inside; without this it would leave the frame of the webview. */
function keepInside(event: KeyboardEvent, dialog: HTMLElement): void {
  const inside = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((e) => e.offsetParent !== null);
  const [first] = inside;
  const last = inside.at(-1);
  const here = document.activeElement;
  if (event.shiftKey && here === first) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && here === last) {
    event.preventDefault();
    first?.focus();
  }
}
