import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * The one place that knows the widget toolkit: a successor is this file's change. Its elements are for chrome (toolbar,
 * tabs, fields, dialogs), never for rows: a thousand of them take 100 ms to make, native ones 2 ms.
 */
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
  vsCodeProgressRing(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

export interface ButtonProps {
  readonly onClick: () => void;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** Accessible name and tooltip; needed when the content is only an icon. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly children?: ComponentChildren;
}

export function Button(props: ButtonProps): ComponentChildren {
  const { label, disabled = false, onClick, appearance = 'secondary', pressed, children } = props;
  const element = useRef<HTMLElement>(null);
  // The toolkit hands the name on to the button inside its element, but not whether it is pressed.
  useLayoutEffect(() => {
    const control = element.current?.shadowRoot?.querySelector('button');
    if (pressed !== undefined) control?.setAttribute('aria-pressed', String(pressed));
  }, [pressed]);
  // The name comes before the appearance: an icon button without a name would call itself "Icon Button".
  const attributes = {
    ...(label !== undefined && { 'aria-label': label, title: label }),
    ...(pressed === true && { class: 'is-pressed' }),
    ref: element,
    appearance,
    disabled,
    onClick: () => {
      if (!disabled) onClick();
    },
  };
  return h('vscode-button', attributes, children);
}

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** Shows the label above the field; else it is only its accessible name. */
  readonly showLabel?: boolean;
  readonly class?: string;
  readonly id?: string;
  /** The field that a dialog opens with. */
  readonly firstFocus?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** Content of the slots `start` and `end`. */
  readonly children?: ComponentChildren;
}

export function TextField(props: FieldProps): ComponentChildren {
  return h('vscode-text-field', fieldAttributes(props), props.showLabel === true ? props.label : null, props.children);
}

export function TextArea(props: FieldProps & { readonly rows: number }): ComponentChildren {
  const attributes = { ...fieldAttributes(props), rows: props.rows, resize: 'vertical' };
  return h('vscode-text-area', attributes, props.showLabel === true ? props.label : null);
}

function fieldAttributes(props: FieldProps) {
  const { onInput, onKeyDown, placeholder } = props;
  return {
    ref: named(props.label),
    value: props.value,
    disabled: props.disabled === true,
    ...(placeholder !== undefined && { placeholder }),
    ...(props.class !== undefined && { class: props.class }),
    ...(props.id !== undefined && { id: props.id }),
    ...(props.firstFocus === true && { 'data-first-focus': '' }),
    ...(onKeyDown !== undefined && { onKeyDown }),
    onInput: (event: Event) => onInput(textOf(event)),
  };
}

/** Names an element once it is in the page: on the way there the toolkit's fields name themselves "Text field". */
function named(label: string) {
  return (element: HTMLElement | null) => element?.setAttribute('aria-label', label);
}

function textOf(event: Event): string {
  const { currentTarget } = event;
  return currentTarget !== null && 'value' in currentTarget ? String(currentTarget.value) : '';
}

export function Checkbox(props: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label?: string;
  readonly children?: ComponentChildren;
}): ComponentChildren {
  const onChange = (event: Event) => {
    const { currentTarget } = event;
    if (currentTarget !== null && 'checked' in currentTarget) props.onChange(currentTarget.checked === true);
  };
  const attributes = {
    checked: props.checked,
    onChange,
    ...(props.label !== undefined && { ref: named(props.label) }),
  };
  return h('vscode-checkbox', attributes, props.children);
}

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly badge?: string;
}

/** Tabs; only the active panel has content. */
export function Panels(props: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly active: string;
  readonly onChange: (id: string) => void;
  readonly children: ComponentChildren;
}): ComponentChildren {
  const { tabs, active, onChange, children } = props;
  const attributes = {
    'aria-label': props.label,
    activeid: `tab-${active}`,
    onChange: (event: Event) => {
      const { target, currentTarget } = event;
      // A `change` of a field inside a panel bubbles up to here too.
      if (target !== currentTarget || target === null || !('activeid' in target)) return;
      onChange(String(target.activeid).replace(/^tab-/, ''));
    },
  };
  return h(
    'vscode-panels',
    attributes,
    tabs.map((tab) =>
      h(
        'vscode-panel-tab',
        { id: `tab-${tab.id}`, key: `tab-${tab.id}`, ref: named(`${tab.title} ${tab.badge ?? ''}`.trim()) },
        tab.title,
        tab.badge === undefined ? null : h('span', { class: 'badge' }, ` ${tab.badge}`),
      ),
    ),
    tabs.map((tab) =>
      h('vscode-panel-view', { id: `view-${tab.id}`, key: `view-${tab.id}` }, tab.id === active ? children : null),
    ),
  );
}

export function ProgressRing({ label }: { readonly label: string }): ComponentChildren {
  return h('vscode-progress-ring', { ref: named(label) });
}
