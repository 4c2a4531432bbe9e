import type { ComponentChildren, VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Json } from '../../core/util/json.ts';
import { Icon } from './Icon.tsx';
import { childrenOf, type JsonChild, openAtFirst, SHOWN_CHILDREN, summaryOf } from './jsonRows.ts';
import { Visible } from './Visible.tsx';

export interface JsonTreeProps {
  readonly value: Json;
  /** JSON pointer of the value, so that leaves know where they stand in the step. */
  readonly pointer: string;
  /** Rows that are open at first. */
  readonly budget?: number;
  /** Draws a leaf in another way; undefined leaves it to the tree. */
  readonly leaf?: (value: Json, pointer: string) => VNode | undefined;
  /** Draws a string that is too long for its line. */
  readonly longString: (text: string, pointer: string) => ComponentChildren;
}

/** Longer strings, and those of several lines, get a frame of their own. */
const LINE_LIMIT = 160;
/** Children that "show more" adds. */
const MORE_CHILDREN = 500;

/** A JSON value as a tree of native buttons and lists, opened as far as a screen holds. */
export function JsonTree(props: JsonTreeProps) {
  const { value, pointer, budget = 60 } = props;
  const [open, setOpen] = useState(() => openAtFirst(value, pointer, budget));
  const toggle = (place: string) => {
    const next = new Set(open);
    if (!next.delete(place)) next.add(place);
    setOpen(next);
  };
  const children = useMemo(() => childrenOf(value, pointer), [value, pointer]);
  if (children.length === 0) return <div class="json">{drawLeaf(props, value, pointer)}</div>;
  return (
    <div class="json">
      <Children {...props} children={children} open={open} toggle={toggle} />
    </div>
  );
}

interface NodeProps extends Omit<JsonTreeProps, 'value'> {
  readonly open: ReadonlySet<string>;
  readonly toggle: (pointer: string) => void;
}

function Children(props: Omit<NodeProps, 'pointer'> & { readonly children: readonly JsonChild[] }) {
  const { children, ...rest } = props;
  const [shown, setShown] = useState(SHOWN_CHILDREN);
  const hidden = children.length - shown;
  return (
    <ul class="json-children">
      {children.slice(0, shown).map((child) => (
        <Child key={child.name} {...rest} child={child} />
      ))}
      {hidden > 0 && (
        <li>
          <button type="button" class="link" onClick={() => setShown(shown + MORE_CHILDREN)}>
            Show {Math.min(MORE_CHILDREN, hidden)} more of {hidden.toLocaleString('en-US')}
          </button>
        </li>
      )}
    </ul>
  );
}

function Child({ child, ...props }: Omit<NodeProps, 'pointer'> & { readonly child: JsonChild }) {
  const { name, value, pointer } = child;
  const isNode = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isNode) {
    return (
      <li>
        <span class="json-key">
          <Visible text={name} />
        </span>
        <span class="json-colon">: </span>
        {drawLeaf(props, value, pointer)}
      </li>
    );
  }
  const isOpen = props.open.has(pointer);
  return (
    <li>
      <button type="button" class="json-node" aria-expanded={isOpen} onClick={() => props.toggle(pointer)}>
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        <span class="json-key">
          <Visible text={name} />
        </span>
        <span class="json-colon">: </span>
        <span class="json-summary">
          <Visible text={summaryOf(value)} />
        </span>
      </button>
      {isOpen && <Children {...props} children={childrenOf(value, pointer)} />}
    </li>
  );
}

function drawLeaf({ leaf, longString }: Pick<JsonTreeProps, 'leaf' | 'longString'>, value: Json, pointer: string) {
  const drawn = leaf?.(value, pointer);
  if (drawn !== undefined) return drawn;
  if (typeof value === 'string') {
    if (value.length > LINE_LIMIT || value.includes('\n')) return longString(value, pointer);
    return (
      <span class="json-string">
        "<Visible text={value} />"
      </span>
    );
  }
  if (typeof value === 'number') return <span class="json-number">{value}</span>;
  if (typeof value === 'object' && value !== null) return <span class="json-summary">{summaryOf(value)}</span>;
  return <span class="json-word">{String(value)}</span>;
}
