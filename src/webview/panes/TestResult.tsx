import { useEffect, useRef } from 'preact/hooks';
import type { Proof, ProofRun } from '../../core/regression/fixture.ts';
import type { TestOutcome } from '../../protocol/webviewApi.ts';
import { useSession } from '../state/context.ts';
import { durationWords } from '../state/sentence.ts';
import { ProgressRing } from '../toolkit.ts';
import { Icon } from '../widgets/Icon.tsx';
import { LongText } from '../widgets/LongText.tsx';

/** What the runner says while the proof is under way. */
export function TestLog({ lines, running }: { readonly lines: readonly string[]; readonly running: boolean }) {
  const log = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLElement>(null);
  useEffect(() => log.current?.scrollTo(0, log.current.scrollHeight), [lines]);
  // It stands below the fields, which are longer than most windows.
  useEffect(() => {
    if (running) whole.current?.scrollIntoView({ block: 'nearest' });
  }, [running, lines]);
  return (
    <section ref={whole} class="test-log" aria-label="Proof">
      <p class="test-log-head">
        {running && <ProgressRing label="Proving" />}
        {running ? 'Proving: red on the recorded run, green on the correction, red again when it is undone…' : 'Log'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div ref={log} class="log-lines" role="log" aria-label="Output" tabIndex={0}>
        {lines.map((line, i) => (
          <div key={i}>{line}</div>
        ))}
      </div>
    </section>
  );
}

/** What came of it: written and proved, not proved, or in the way. */
export function TestResult({ outcome }: { readonly outcome: TestOutcome }) {
  const session = useSession();
  const result = useRef<HTMLElement>(null);
  useEffect(() => result.current?.scrollIntoView({ block: 'nearest' }), [outcome]);
  const open = (path: string) => void session.host.openFile({ path }).catch(session.say);
  switch (outcome.status) {
    case 'written':
      return (
        <section ref={result} class="test-result" aria-label="Result">
          <p class="result-line" role="status">
            <Icon name="pass-filled" class="tone-pass" /> <strong>Proved and written.</strong>
          </p>
          <ProofList proof={outcome.proof} />
          <h3>Written</h3>
          <ul class="plain-list file-list">
            {outcome.files.map((file) => (
              <li key={file}>
                <Icon name={file === outcome.testFile ? 'beaker' : 'file'} />
                <code title={file}>{shortPath(file)}</code>
                <button type="button" class="link" onClick={() => open(file)}>
                  Open
                </button>
              </li>
            ))}
          </ul>
          <h3>Run it</h3>
          <p class="command">
            <code>{outcome.command}</code>
            <button
              type="button"
              class="link"
              onClick={() => void session.host.copy({ text: outcome.command }).catch(session.say)}
            >
              <Icon name="copy" /> Copy
            </button>
          </p>
        </section>
      );
    case 'not-proved':
      return (
        <section ref={result} class="test-result" aria-label="Result">
          <p class="result-line" role="alert">
            <Icon name="error" class="tone-error" /> <strong>Not proved, so nothing was written.</strong>
          </p>
          <ProofList proof={outcome.proof} />
        </section>
      );
    case 'exists':
      return (
        <section ref={result} class="problem test-result" aria-label="Result" role="alert">
          {outcome.path} exists and is never overwritten. Choose another file name.{' '}
          <button type="button" class="link" onClick={() => open(outcome.path)}>
            Open it
          </button>
        </section>
      );
    case 'failed':
      return (
        <section ref={result} class="problem test-result" aria-label="Result" role="alert">
          {outcome.reason}
        </section>
      );
  }
}

const AGENTS: Record<ProofRun['agent'], string> = {
  recorded: 'on the recorded run',
  corrected: 'on the corrected run',
  undone: 'when the correction is undone',
  mutated: 'on each change of the correction that must be noticed',
  adapter: 'on the agent itself',
};
const COLOURS: Record<ProofRun['actual'], string> = { red: 'red', green: 'green', error: 'did not run' };

/** The halves of a proof as a checklist. */
function ProofList({ proof }: { readonly proof: Proof }) {
  return (
    <>
      <p>{proof.sentence}</p>
      <ul class="proof-list">
        {proof.runs.map((run) => {
          const isHeld = run.actual === run.expected;
          return (
            <li key={run.agent} class={isHeld ? 'is-held' : 'is-broken'}>
              <details open={!isHeld}>
                <summary>
                  <span class={isHeld ? 'tone-pass' : 'tone-error'}>
                    <Icon name={isHeld ? 'pass' : 'error'} />
                    <span class="sr-only">{isHeld ? 'as it should be: ' : 'not as it should be: '}</span>
                  </span>
                  <span class={`light light-${run.actual}`} aria-hidden="true" />
                  <span>
                    {COLOURS[run.actual]} {AGENTS[run.agent]}
                    {!isHeld && `, but it should be ${run.expected}`}{' '}
                    <span class="muted">{durationWords(run.duration)}</span>
                  </span>
                </summary>
                <LongText text={run.output} label={`Output ${AGENTS[run.agent]}`} terminal maxRows={14} />
              </details>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The folder and the name: the way to the workspace is the same for all of them, and long. */
function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}
