import { useMemo, useState } from 'preact/hooks';
import type { ContentPart, Target } from '../../core/trace/model.ts';
import { type Json, tryParse } from '../../core/util/json.ts';
import { characters } from '../state/sentence.ts';
import { useWholeText } from '../state/useWholeText.ts';
import { hasAnsi } from '../widgets/ansi.ts';
import { BigText } from '../widgets/BigText.tsx';
import { Diff } from '../widgets/Diff.tsx';
import { looksLikeDiff } from '../widgets/diffText.ts';
import { JsonTree, type JsonTreeProps } from '../widgets/JsonTree.tsx';
import { type JsonTable, tableOf } from '../widgets/jsonRows.ts';
import { LongText } from '../widgets/LongText.tsx';
import { Markdown } from '../widgets/Markdown.tsx';
import { looksLikeMarkdown } from '../widgets/markdownText.ts';
import { Picture } from '../widgets/Picture.tsx';
import { Table } from '../widgets/Table.tsx';
import { useFindPosition, useFindShow } from './useFindHighlight.ts';
import { useRevealed, useShownWords } from './usePlaceHighlight.ts';

export type TextKind = 'text' | 'markdown' | 'json' | 'table' | 'diff' | 'terminal';

interface ContentProps {
  readonly part: ContentPart;
  /** JSON pointer of the part in the step. */
  readonly pointer: string;
  readonly label: string;
  readonly target?: Target | undefined;
  readonly as?: TextKind;
}

/** One part of a message or observation, drawn by its kind. */
export function Content({ part, pointer, label, target, as }: ContentProps) {
  switch (part.type) {
    case 'text':
      return <TextPart text={part.text} pointer={`${pointer}/text`} label={label} {...(as !== undefined && { as })} />;
    case 'diff':
      return <TextPart text={part.text} pointer={`${pointer}/text`} label={label} as="diff" />;
    case 'terminal':
      return <TextPart text={part.text} pointer={`${pointer}/text`} label={label} as="terminal" />;
    case 'json':
      return <JsonPart value={part.value} pointer={`${pointer}/value`} label={label} />;
    case 'image':
      return <Picture part={part} pointer={pointer} target={target} label={label} />;
  }
}

/** Above this length a text is not read as markdown or JSON unless the person says so, in characters. */
const RICH_LIMIT = 100_000;

/** A text, drawn as what it looks like, with the choice to see it otherwise. */
export function TextPart(props: { text: string; pointer: string; label: string; as?: TextKind }) {
  const { pointer, label, as } = props;
  const { text, length, busy, ranged, showAll } = useWholeText(props.text, pointer);
  const found = useFindPosition(pointer);
  const shown = useShownWords(pointer);
  const position = found ?? (shown.words === undefined ? undefined : shown.from);
  const [chosen, setChosen] = useState<TextKind | undefined>();
  const json = useMemo(() => parsedJson(text), [text]);
  const guessed = as ?? guess(text, json);
  const kind = chosen ?? (guessed === 'markdown' && text.length > RICH_LIMIT ? 'text' : guessed);
  const kinds = useMemo(() => possibleKinds(json), [json]);
  return (
    <div class="part" data-pointer={pointer}>
      {text.length > 200 && ranged === undefined && (
        <select
          class="kind-select"
          aria-label={`Show ${label} as`}
          value={kind}
          onChange={(event) => setChosen(kinds.find((k) => k === event.currentTarget.value))}
        >
          {[...new Set([kind, ...kinds])].map((k) => (
            <option key={k} value={k}>
              {k}
            </option>
          ))}
        </select>
      )}
      {ranged === undefined ? (
        <DrawnText kind={kind} text={text} json={json} pointer={pointer} label={label} />
      ) : (
        <BigText {...ranged} label={label} show={position} />
      )}
      {length !== undefined && (
        <p class="cut-notice">
          Showing {characters(text.length)} of {characters(length)}.{' '}
          <button type="button" class="link" disabled={busy} onClick={showAll}>
            {busy ? 'Reading…' : `Show all (${characters(length - text.length)} more)`}
          </button>
        </p>
      )}
    </div>
  );
}

function DrawnText(props: { kind: TextKind; text: string; json: Json | undefined; pointer: string; label: string }) {
  const { kind, text, json, pointer, label } = props;
  const found = useFindShow(pointer);
  const shown = useShownWords(pointer);
  const [show, showFrom] = found === undefined ? [shown.words, shown.from] : [found, 0];
  if (text === '') return <p class="muted">(empty)</p>;
  switch (kind) {
    case 'markdown':
      return <Markdown text={text} />;
    case 'json':
      // Places inside a text that holds JSON have no pointer of their own in the step.
      return json === undefined ? (
        <LongText text={text} label={label} show={show} showFrom={showFrom} />
      ) : (
        <JsonValue value={json} pointer={pointer} label={label} />
      );
    case 'table': {
      const table = json === undefined ? undefined : tableOf(json);
      return table === undefined ? (
        <LongText text={text} label={label} show={show} showFrom={showFrom} />
      ) : (
        <ShownTable table={table} pointer={pointer} />
      );
    }
    case 'diff':
      return <Diff text={text} label={label} />;
    case 'terminal':
      return <LongText text={text} label={label} terminal show={show} showFrom={showFrom} />;
    case 'text':
      return <LongText text={text} label={label} show={show} showFrom={showFrom} />;
  }
}

/** A recorded JSON value: a table where it is one, else a tree. */
export function JsonPart({ value, pointer, label }: { value: Json; pointer: string; label: string }) {
  const table = useMemo(() => tableOf(value), [value]);
  const [asTree, setAsTree] = useState(table === undefined);
  if (table === undefined) return <JsonValue value={value} pointer={pointer} label={label} />;
  return (
    <div class="part" data-pointer={pointer}>
      <button type="button" class="link kind-toggle" onClick={() => setAsTree(!asTree)}>
        {asTree ? 'Show as table' : 'Show as tree'}
      </button>
      {asTree ? (
        <JsonValue value={value} pointer={pointer} label={label} />
      ) : (
        <ShownTable table={table} pointer={pointer} />
      )}
    </div>
  );
}

/** A table that shows the row of the place that was gone to. */
function ShownTable({ table, pointer }: { readonly table: JsonTable; readonly pointer: string }) {
  return <Table table={table} pointer={pointer} reveal={useRevealed(pointer)} />;
}

/** A tree whose long strings are drawn as texts of their own. */
export function JsonValue({
  value,
  pointer,
  label,
  leaf,
  budget,
}: Pick<JsonTreeProps, 'value' | 'pointer' | 'leaf' | 'budget'> & { label: string }) {
  const reveal = useRevealed(pointer);
  return (
    <div data-pointer={pointer}>
      <JsonTree
        value={value}
        pointer={pointer}
        reveal={reveal}
        {...(leaf !== undefined && { leaf })}
        {...(budget !== undefined && { budget })}
        longString={(text, place) => <TextPart text={text} pointer={place} label={`${label} ${place}`} as="text" />}
      />
    </div>
  );
}

function parsedJson(text: string): Json | undefined {
  const start = text.trimStart()[0];
  if ((start !== '{' && start !== '[') || text.length > RICH_LIMIT * 5) return undefined;
  const value = tryParse(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

function guess(text: string, json: Json | undefined): TextKind {
  if (json !== undefined) return tableOf(json) === undefined ? 'json' : 'table';
  if (hasAnsi(text)) return 'terminal';
  if (looksLikeDiff(text)) return 'diff';
  return looksLikeMarkdown(text) ? 'markdown' : 'text';
}

function possibleKinds(json: Json | undefined): TextKind[] {
  const kinds: TextKind[] = ['text', 'markdown', 'terminal', 'diff'];
  if (json !== undefined) kinds.push('json');
  if (json !== undefined && tableOf(json) !== undefined) kinds.push('table');
  return kinds;
}
