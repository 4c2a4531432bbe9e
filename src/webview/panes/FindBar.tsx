import { useSession, useView } from '../state/context.ts';
import { FIND_LIMIT } from '../state/finder.ts';
import { FIND_BOX } from '../state/focus.ts';
import type { FindState } from '../state/view.ts';
import { Button, TextField } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { visibleString } from '../widgets/visibleText.ts';

/** Find in the data of all steps of the run. */
export function FindBar() {
  const session = useSession();
  const find = useView((view) => view.find);
  if (find === undefined) return null;
  const { finder } = session;
  const hit = find.hits[find.at];
  return (
    <search class="find-bar">
      <TextField
        label="Find in the data of all steps"
        class="find-field"
        placeholder="Find in the data of all steps"
        value={find.query}
        id={FIND_BOX}
        onInput={(query) => finder.set(query)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finder.move(event.shiftKey ? -1 : 1);
        }}
      />
      <span class="find-count" role="status">
        {countWords(find)}
      </span>
      <Button appearance="icon" label="Previous place (Shift+Enter, N)" onClick={() => finder.move(-1)}>
        <Icon name="arrow-up" />
      </Button>
      <Button appearance="icon" label="Next place (Enter, n)" onClick={() => finder.move(1)}>
        <Icon name="arrow-down" />
      </Button>
      <Button appearance="icon" label="Close (Escape)" onClick={() => finder.close()}>
        <Icon name="close" />
      </Button>
      {hit !== undefined && (
        <span class="find-excerpt" title={hit.pointer}>
          <span class="muted">step {hit.step + 1} · </span>
          {visibleString(hit.excerpt.slice(0, hit.at))}
          <mark>{visibleString(hit.excerpt.slice(hit.at, hit.at + find.query.length))}</mark>
          {visibleString(hit.excerpt.slice(hit.at + find.query.length))}
        </span>
      )}
    </search>
  );
}

function countWords({ query, hits, at, more, busy, problem }: FindState): string {
  if (problem !== undefined) return problem;
  if (query === '') return '';
  if (busy) return 'Searching…';
  if (hits.length === 0) return 'Nothing found';
  return `${at + 1} of ${hits.length}${more ? ` (the nearest ${FIND_LIMIT})` : ''}`;
}
