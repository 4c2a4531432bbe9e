import type { Decline } from '../../core/formats/declines.ts';
import { useSession } from '../state/context.ts';
import type { Opening } from '../state/view.ts';
import { Button, ProgressRing } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';

/** The file is no agent trace: what it is instead, and where to go. */
export function Declined({ decline }: { readonly decline: Decline }) {
  const session = useSession();
  return (
    <main class="whole-page">
      <Icon name={decline.reason === 'empty' ? 'file' : 'info'} class="large" />
      <h1>{decline.reason === 'empty' ? 'Nothing to show yet' : 'Not an agent trace'}</h1>
      <p>
        <Visible text={decline.sentence} />
      </p>
      <Button appearance="primary" onClick={() => void session.host.openAsText({}).catch(session.say)}>
        Open as text
      </Button>
    </main>
  );
}

/** Opening failed. */
export function Failed({ sentence }: { readonly sentence: string }) {
  const session = useSession();
  return (
    <main class="whole-page">
      <Icon name="error" class="large" />
      <h1>The trace could not be opened</h1>
      <p role="alert">
        <Visible text={sentence} />
      </p>
      <Button onClick={() => void session.host.openAsText({}).catch(session.say)}>Open as text</Button>
    </main>
  );
}

/** The file is being read. */
export function Starting({ opening }: { readonly opening: Extract<Opening, { status: 'starting' }> }) {
  const { done, total } = opening;
  return (
    <main class="whole-page">
      <ProgressRing label="Opening the trace" />
      <p role="status">
        {total === 0 ? 'Opening the trace…' : `Reading ${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB…`}
      </p>
    </main>
  );
}
