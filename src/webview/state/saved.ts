import { asArray, asFilledText, asNumber, asText, at } from '../../core/util/json.ts';
import { TAB_IDS, type TabId } from './view.ts';

/** What outlives hiding and reloading the view. Small: the trace itself stays with the host. */
export interface Saved {
  readonly version: 1;
  readonly run: string | undefined;
  readonly step: number;
  readonly filter: string;
  readonly arrangement: 'list' | 'tree';
  readonly tab: TabId;
  readonly timelineBy: 'step' | 'time';
  readonly watches: readonly string[];
  /** Widths of the side panes and height of the lower one, in pixels. */
  readonly widths: { readonly left: number; readonly right: number; readonly bottom: number };
}

/** Reads what an earlier view left, of this or an unknown version. What is missing or odd gets its default. */
export function readSaved(value: unknown): Saved {
  const known = at(value, 'version') === 1 ? value : undefined;
  const tab = asText(at(known, 'tab'));
  return {
    version: 1,
    run: asFilledText(at(known, 'run')),
    step: Math.max(0, Math.trunc(asNumber(at(known, 'step')) ?? 0)),
    filter: asText(at(known, 'filter')) ?? '',
    arrangement: at(known, 'arrangement') === 'tree' ? 'tree' : 'list',
    tab: TAB_IDS.find((id) => id === tab) ?? 'findings',
    timelineBy: at(known, 'timelineBy') === 'time' ? 'time' : 'step',
    watches: asArray(at(known, 'watches')).flatMap((watch) => asFilledText(watch) ?? []),
    widths: {
      left: widthOf(at(known, 'widths', 'left'), 300),
      right: widthOf(at(known, 'widths', 'right'), 400),
      bottom: widthOf(at(known, 'widths', 'bottom'), 240),
    },
  };
}

function widthOf(value: unknown, usual: number): number {
  const width = asNumber(value) ?? usual;
  return width >= 120 && width <= 1200 ? width : usual;
}
