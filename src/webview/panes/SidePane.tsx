import { assertNever } from '../../core/util/assertNever.ts';
import { useSession, useView } from '../state/context.ts';
import { evaluationOf, TAB_IDS, type TabId } from '../state/view.ts';
import { Panels } from '../toolkit.ts';
import { Splitter } from '../widgets/Splitter.tsx';
import { FindingsTab } from './FindingsTab.tsx';
import { ProvenanceTab } from './ProvenanceTab.tsx';
import { RawTab } from './RawTab.tsx';
import { RequestTab } from './RequestTab.tsx';
import { StateTab } from './StateTab.tsx';
import { WatchTab } from './WatchTab.tsx';

const TITLES: Record<TabId, string> = {
  findings: 'Findings',
  provenance: 'Provenance',
  state: 'State',
  watch: 'Watch',
  request: 'Request',
  raw: 'Raw',
};

/** What is known around the step, in tabs. */
export function SidePane({ isWide }: { readonly isWide: boolean }) {
  const { right, bottom } = useView((view) => view.widths);
  const session = useSession();
  const tab = useView((view) => view.tab);
  const findings = useView((view) => evaluationOf(view)?.verdicts.reduce((n, v) => n + v.findings.length, 0) ?? 0);
  const tabs = TAB_IDS.map((id) => ({
    id,
    title: TITLES[id],
    ...(id === 'findings' && findings > 0 && { badge: String(findings) }),
  }));
  return (
    <aside class="side" aria-label="Around the step">
      {isWide ? (
        <Splitter
          label="Width of the tabs"
          direction="right"
          size={right}
          onResize={(size) => session.resize({ right: size })}
        />
      ) : (
        <Splitter
          label="Height of the tabs"
          direction="bottom"
          size={bottom}
          onResize={(size) => session.resize({ bottom: size })}
        />
      )}
      <Panels
        label="Around the step"
        tabs={tabs}
        active={tab}
        onChange={(id) => {
          const chosen = TAB_IDS.find((known) => known === id);
          if (chosen !== undefined) session.store.set({ tab: chosen });
        }}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <section class="tab-content" tabIndex={0} aria-label={TITLES[tab]}>
          <TabContent tab={tab} />
        </section>
      </Panels>
    </aside>
  );
}

function TabContent({ tab }: { readonly tab: TabId }) {
  switch (tab) {
    case 'findings':
      return <FindingsTab />;
    case 'provenance':
      return <ProvenanceTab />;
    case 'state':
      return <StateTab />;
    case 'watch':
      return <WatchTab />;
    case 'request':
      return <RequestTab />;
    case 'raw':
      return <RawTab />;
    default:
      return assertNever(tab);
  }
}
