import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Json } from '../../core/util/json.ts';
import { grouped } from '../state/sentence.ts';
import { Icon } from './Icon.tsx';
import {
  childrenOf,
  groupPlace,
  groupsOf,
  indexTo,
  type JsonChild,
  openAtFirst,
  openTo,
  SHOWN_CHILDREN,
  sizeOf,
  summaryOf,
} from './jsonRows.ts';
import { Visible } from './Visible.tsx';

export interface JsonTreeProps {
  readonly value: Json;
  /** JSON pointer of the value, so that leaves know where they stand in the step. */
  readonly pointer: string;
  /** Rows that are open at first. */
  readonly budget?: number;
  /** JSON pointer of a value below this one to which all must be open. */
  readonly reveal?: string | undefined;
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
  const { value, pointer, reveal, budget = 60 } = props;
  const [open, setOpen] = useState(() => openAtFirst(value, pointer, budget));
  useEffect(() => {
    if (reveal !== undefined) setOpen((now) => new Set([...now, ...openTo(value, pointer, reveal)]));
  }, [value, pointer, reveal]);
  const toggle = (place: string) => {
    const next = new Set(open);
    if (!next.delete(place)) next.add(place);
    setOpen(next);
  };
  const count = useMemo(() => sizeOf(value), [value]);
  if (count === 0) return <div class="json">{drawLeaf(props, value, pointer)}</div>;
  return (
    <div class="json">
      <Children {...props} parent={value} from={0} to={count} open={open} toggle={toggle} />
    </div>
  );
}

interface NodeProps extends Omit<JsonTreeProps, 'value'> {
  readonly open: ReadonlySet<string>;
  readonly toggle: (pointer: string) => void;
}

interface ChildrenProps extends NodeProps {
  readonly parent: Json;
  /** Which of the parent's children. */
  readonly from: number;
  readonly to: number;
}

function Children(props: ChildrenProps) {
  const { parent, from, to, pointer, reveal } = props;
  const [asked, setWanted] = useState(SHOWN_CHILDREN);
  const wanted = Math.max(asked, indexTo(parent, pointer, reveal) - from + 1);
  const groups = groupsOf(from, to);
  const shown = groups.length > 0 ? 0 : Math.min(to - from, wanted);
  const children = useMemo(() => childrenOf(parent, pointer, from, from + shown), [parent, pointer, from, shown]);
  if (groups.length > 0) {
    return (
      <ul class="json-children">
        {groups.map((group) => (
          <Group key={group.from} {...props} {...group} />
        ))}
      </ul>
    );
  }
  const hidden = to - from - shown;
  return (
    <ul class="json-children">
      {children.map((child) => (
        <Child key={child.name} {...props} child={child} />
      ))}
      {hidden > 0 && (
        <li>
          <button type="button" class="link" onClick={() => setWanted(wanted + MORE_CHILDREN)}>
            Show {Math.min(MORE_CHILDREN, hidden)} more of {grouped(hidden)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Some of very many children: only those of open groups are drawn. */
function Group(props: ChildrenProps) {
  const { from, to, pointer, open, toggle } = props;
  const place = groupPlace(pointer, from, to);
  const isOpen = open.has(place);
  return (
    <li>
      <button type="button" class="json-node" aria-expanded={isOpen} onClick={() => toggle(place)}>
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        <span class="json-summary">
          {grouped(from)} … {grouped(to - 1)}
        </span>
      </button>
      {isOpen && <Children {...props} />}
    </li>
  );
}

function Child({ child, ...props }: NodeProps & { readonly child: JsonChild }) {
  const { name, value, pointer } = child;
  const count = useMemo(() => sizeOf(value), [value]);
  const isNode = count > 0;
  if (!isNode) {
    return (
      <li data-pointer={pointer}>
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
      {isOpen && <Children {...props} pointer={pointer} parent={value} from={0} to={count} />}
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
