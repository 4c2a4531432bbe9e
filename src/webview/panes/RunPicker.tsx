import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { RunSummary } from '../../protocol/traceService.ts';
import { useSession, useView } from '../state/context.ts';
import { countOf, durationWords } from '../state/sentence.ts';
import { TextField } from '../toolkit.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { useVirtual } from '../widgets/useVirtual.ts';
import { Visible } from '../widgets/Visible.tsx';
import { visibleString } from '../widgets/visibleText.ts';
import { OutcomeIcon } from './Toolbar.tsx';

const ROW_HEIGHT = 44;

/** Picks a run of the trace: type to narrow, arrows to choose, Enter to open. Sub-runs stand under their parents. */
export function RunPicker() {
  const session = useSession();
  const runs = useView((view) => (view.opening.status === 'opened' ? view.opening.summary.runs : []));
  const current = useView((view) => view.run);
  const [query, setQuery] = useState('');
  const nested = useMemo(() => nestRuns(runs), [runs]);
  const shown = useMemo(() => nested.filter(({ run }) => matches(run, query)), [nested, query]);
  const [chosen, setChosen] = useState(() =>
    Math.max(
      0,
      nested.findIndex(({ run }) => run.id === current),
    ),
  );
  const virtual = useVirtual(shown.length, ROW_HEIGHT);
  useLayoutEffect(() => virtual.show(chosen, 1), [chosen, shown.length]);
  const close = () => session.store.set({ dialog: undefined });
  const pick = (position: number) => {
    const run = shown[position]?.run;
    if (run === undefined) return;
    close();
    session.openRun(run.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: virtual.fitting, PageUp: -virtual.fitting }[event.key];
    if (event.key === 'Enter') pick(chosen);
    if (by === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(shown.length - 1, chosen + by)));
  };
  const rows = [];
  for (let i = virtual.from; i < virtual.to; i++) {
    const { run, depth } = shown[i] ?? {};
    if (run === undefined) continue;
    rows.push(
      // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, as in every combobox.
      // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field above.
      <div
        key={run.id}
        id={`run-${i}`}
        class={`run-row ${i === chosen ? 'is-chosen' : ''}`}
        role="option"
        aria-selected={i === chosen}
        aria-posinset={i + 1}
        aria-setsize={shown.length}
        style={{ top: `${virtual.offsetOf(i)}px`, paddingLeft: `${10 + (depth ?? 0) * 18}px` }}
        onClick={() => pick(i)}
      >
        <div class="run-row-title">
          <OutcomeIcon status={run.outcome?.status} />
          <span class="run-title">
            <Visible text={run.title} />
          </span>
          {run.id === current && <span class="chip">on screen</span>}
          <span class="muted run-facts">{factsOf(run)}</span>
        </div>
        <div class="run-goal muted">{visibleString((run.goal ?? '').slice(0, 240).replace(/\s+/g, ' '))}</div>
      </div>,
    );
  }
  return (
    <Dialog title={`Runs (${runs.length.toLocaleString('en-US')})`} onClose={close} class="run-picker">
      <TextField
        label="Narrow the runs by title, goal, model or outcome"
        placeholder="Title, goal, model or outcome"
        value={query}
        firstFocus
        onInput={(text) => {
          setQuery(text);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <p class="sr-only" role="status">
        {shown[chosen] === undefined ? 'No run.' : `${shown[chosen].run.title}, ${chosen + 1} of ${shown.length}`}
      </p>
      {shown.length === 0 && <p class="muted">No run has “{query}” in its title, goal, model or outcome.</p>}
      <div
        ref={virtual.scroller}
        class="run-list"
        role="listbox"
        aria-label="Runs"
        tabIndex={0}
        {...(chosen >= virtual.from && chosen < virtual.to && { 'aria-activedescendant': `run-${chosen}` })}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: `${virtual.spaceHeight}px` }}>
          {rows}
        </div>
      </div>
    </Dialog>
  );
}

function factsOf(run: RunSummary): string {
  const { startTime, endTime, outcome } = run;
  return [
    outcome?.reason,
    outcome?.reward === undefined ? undefined : `reward ${outcome.reward}`,
    run.model,
    startTime !== undefined && endTime !== undefined ? durationWords(endTime - startTime) : undefined,
    countOf(run.stepCount, 'step'),
  ]
    .filter((fact) => fact !== undefined)
    .join(' · ');
}

function matches(run: RunSummary, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/);
  const text = [run.title, run.goal, run.model, run.agent, run.outcome?.status, run.outcome?.reason]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Runs in file order with each sub-run after its parent. */
export function nestRuns(runs: readonly RunSummary[]): { run: RunSummary; depth: number }[] {
  const ids = new Set(runs.map((run) => run.id));
  const children = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const parent =
      run.parentRun !== undefined && run.parentRun !== run.id && ids.has(run.parentRun) ? run.parentRun : '';
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [run]);
    else siblings.push(run);
  }
  const nested: { run: RunSummary; depth: number }[] = [];
  const seen = new Set<string>();
  const add = (run: RunSummary, depth: number) => {
    if (seen.has(run.id)) return;
    seen.add(run.id);
    nested.push({ run, depth });
    for (const child of children.get(run.id) ?? []) add(child, depth + 1);
  };
  for (const run of children.get('') ?? []) add(run, 0);
  for (const run of runs) add(run, 0);
  return nested;
}
