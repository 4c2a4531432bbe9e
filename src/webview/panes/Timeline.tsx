import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { breakpointSteps } from '../state/breakpoints.ts';
import { useSession, useView } from '../state/context.ts';
import type { Session } from '../state/session.ts';
import { marksOf } from '../state/stepMarks.ts';
import { evaluationOf } from '../state/view.ts';
import { Button } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { visibleString } from '../widgets/visibleText.ts';
import { drawCursor, drawTimeline, heightOf, laneAt } from './drawTimeline.ts';
import { layoutBySteps, layoutByTime, stepAt, type TimelineData, toValue, type Zoom } from './timelineScale.ts';

/** All rows are read for the lanes up to this many steps; beyond, the strip shows where the cursor and the marks are. */
const LANES_LIMIT = 20_000;
/** A drag shorter than this is a click, in pixels. */
const CLICK = 4;

/** The whole run as a strip: a lane per agent, marks for what matters, and a slider for the keyboard. */
export function Timeline() {
  const session = useSession();
  const step = useView((view) => view.step);
  const by = useView((view) => view.timelineBy);
  const data = useTimelineData(session);
  const [zoom, setZoom] = useState<Zoom | undefined>();
  const run = useView((view) => view.run);
  useEffect(() => setZoom(undefined), [run, by]);
  const hasTime = data.byTime !== undefined;
  const shown = by === 'time' && data.byTime !== undefined ? data.byTime : data.bySteps;
  const count = session.pages.length;
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="timeline-strip" style={{ height: `${heightOf(shown)}px` }}>
        <Strip data={shown} zoom={zoom ?? { from: 0, to: shown.domain }} onZoom={setZoom} />
        <input
          type="range"
          class="timeline-slider"
          aria-label="Step"
          min={1}
          max={Math.max(1, count)}
          value={step + 1}
          aria-valuetext={`step ${step + 1} of ${count}`}
          onInput={(event) => session.goTo(Number(event.currentTarget.value) - 1)}
        />
      </div>
      <div class="timeline-buttons">
        <Button
          appearance="icon"
          label={
            hasTime ? (by === 'time' ? 'Width by step' : 'Width by time') : 'Width by time: this run records no times'
          }
          disabled={!hasTime}
          pressed={by === 'time'}
          onClick={() => session.store.set({ timelineBy: by === 'time' ? 'step' : 'time' })}
        >
          <Icon name="clock" />
        </Button>
        {zoom !== undefined && (
          <Button appearance="icon" label="Show the whole run" onClick={() => setZoom(undefined)}>
            <Icon name="zoom-out" />
          </Button>
        )}
      </div>
    </section>
  );
}

function useTimelineData(session: Session): { bySteps: TimelineData; byTime: TimelineData | undefined } {
  const rowsVersion = useView((view) => view.rowsVersion);
  const run = useView((view) => view.run);
  const { pages } = session;
  useEffect(() => {
    if (pages.length <= LANES_LIMIT) void pages.loadAll();
  }, [pages]);
  // Laid out again while rows come, but not for every page of them: at most about twenty times.
  const arrived = pages.length > LANES_LIMIT || pages.isComplete ? rowsVersion : Math.floor(rowsVersion / 5);
  const isComplete = pages.isComplete;
  return useMemo(() => {
    const rows = pages.length <= LANES_LIMIT ? pages.present() : [];
    return { bySteps: layoutBySteps(rows, pages.length), byTime: isComplete ? layoutByTime(rows) : undefined };
  }, [run, pages, isComplete, isComplete ? 0 : arrived]);
}

interface StripProps {
  readonly data: TimelineData;
  readonly zoom: Zoom;
  readonly onZoom: (zoom: Zoom) => void;
}

function Strip({ data, zoom, onZoom }: StripProps) {
  const session = useSession();
  const base = useRef<HTMLCanvasElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [theme, setTheme] = useState(0);
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  const step = useView((view) => view.step);
  const failing = useView((view) => view.failing);
  const allBreakpoints = useView((view) => view.breakpoints);
  const run = useView((view) => view.run);
  const evaluation = useView(evaluationOf);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    // VS Code changes the theme by the body's class and the root's variables.
    const themed = new MutationObserver(() => setTheme((n) => n + 1));
    themed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
    };
  }, []);

  useEffect(() => {
    const element = base.current;
    if (element === null || width === 0) return;
    const breakpoints = [...breakpointSteps(session.store.get())].flatMap(([at, enabled]) => (enabled ? [at] : []));
    const marks = marksOf(evaluation);
    const suspects = [...marks.suspects].filter(([, place]) => place === 0).map(([at]) => at);
    const failures =
      failing.length > 0 ? failing : [...marks.findings].flatMap(([at, s]) => (s === 'error' ? [at] : []));
    const writing = evaluation?.writing ?? [];
    const irreversible = evaluation?.irreversible ?? [];
    drawTimeline(element, { data, zoom, width, failures, writing, irreversible, breakpoints, suspects });
  }, [data, zoom.from, zoom.to, width, failing, allBreakpoints, evaluation, theme, run]);
  useEffect(() => {
    const element = canvas.current;
    if (element !== null && width > 0) drawCursor(element, { data, zoom, width, step, drag });
  }, [data, zoom.from, zoom.to, width, step, drag, theme]);

  const valueAt = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    return box === undefined ? 0 : toValue(Math.max(0, Math.min(box.width, event.clientX - box.left)), zoom, box.width);
  };
  const stepOf = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    const value = valueAt(event);
    if (data.steps.length === 0) return Math.floor(value);
    return stepAt(data, value, box === undefined ? undefined : laneAt(data, event.clientY - box.top));
  };
  return (
    <div class="timeline-canvases" aria-hidden="true">
      <canvas ref={base} class="timeline-canvas" />
      <canvas
        ref={canvas}
        class="timeline-canvas"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const value = valueAt(event);
          setDrag({ from: value, to: value });
        }}
        onPointerMove={(event) => {
          if (drag !== undefined) setDrag({ ...drag, to: valueAt(event) });
          const row = session.pages.at(stepOf(event) ?? -1);
          const words = row === undefined ? '' : `${session.sentence(row)}\n${visibleString(row.preview)}`;
          if (event.currentTarget.title !== words) event.currentTarget.title = words;
        }}
        onPointerUp={(event) => {
          if (drag === undefined) return;
          setDrag(undefined);
          const pixels = (Math.abs(drag.to - drag.from) / (zoom.to - zoom.from)) * width;
          if (pixels >= CLICK) {
            onZoom({ from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) });
            return;
          }
          const index = stepOf(event);
          if (index !== undefined) session.goTo(index);
        }}
      />
    </div>
  );
}
