interface Props {
  readonly label: string;
  readonly direction: 'left' | 'right' | 'bottom';
  /** Size of the pane that it resizes, in pixels. */
  readonly size: number;
  readonly onResize: (size: number) => void;
}

const SMALLEST = 140;
const LARGEST = 1000;
const KEY_STEP = 24;

/** A bar between panes: dragged, or moved by arrow keys. */
export function Splitter({ label, direction, size, onResize }: Props) {
  const isRow = direction === 'bottom';
  const sign = direction === 'left' ? 1 : -1;
  const resize = (wanted: number) => onResize(Math.round(Math.max(SMALLEST, Math.min(LARGEST, wanted))));
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr is a separator that can't be moved.
    <div
      class={`splitter splitter-${direction}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isRow ? 'horizontal' : 'vertical'}
      aria-valuenow={size}
      aria-valuemin={SMALLEST}
      aria-valuemax={LARGEST}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        resize(size + step * sign * KEY_STEP);
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        const bar = event.currentTarget;
        const start = isRow ? event.clientY : event.clientX;
        const onMove = (move: PointerEvent) => resize(size + ((isRow ? move.clientY : move.clientX) - start) * sign);
        bar.setPointerCapture(event.pointerId);
        bar.addEventListener('pointermove', onMove);
        bar.addEventListener('pointerup', () => bar.removeEventListener('pointermove', onMove), { once: true });
      }}
    />
  );
}
