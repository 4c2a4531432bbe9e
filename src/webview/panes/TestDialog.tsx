import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../../core/util/result.ts';
import { Cancelled } from '../../protocol/rpc.ts';
import type { TestDraft, TestOutcome } from '../../protocol/webviewApi.ts';
import { useSession, useView } from '../state/context.ts';
import type { Session } from '../state/session.ts';
import { changedForm, checkForm, formOf, type TestForm } from '../state/testForm.ts';
import { Button, ProgressRing } from '../toolkit.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { TestFields } from './TestFields.tsx';
import { TestLog, TestResult } from './TestResult.tsx';

/** From a step to a regression test that is proved. */
export function TestDialog() {
  const session = useSession();
  const test = useTest(session);
  const step = useView((view) => view.step);
  const { draft, form, running, outcome } = test;
  const checked = draft !== undefined && form !== undefined ? checkForm(form, draft) : undefined;
  const isDone = outcome?.status === 'written';
  const close = () => {
    test.cancel();
    session.store.set({ dialog: undefined });
  };
  return (
    <Dialog
      title={`Regression test from step ${step + 1}`}
      onClose={close}
      class="test-dialog"
      buttons={
        isDone ? (
          <Button appearance="primary" onClick={close}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={running ? test.cancel : close}>{running ? 'Stop' : 'Cancel'}</Button>
            <Button
              appearance="primary"
              disabled={running || checked?.ok !== true}
              onClick={() => {
                if (checked?.ok === true) void test.generate(checked.request);
              }}
            >
              Prove and write
            </Button>
          </>
        )
      }
    >
      {test.problem !== undefined && (
        <p class="problem" role="alert">
          {test.problem}
        </p>
      )}
      {draft === undefined && test.problem === undefined && (
        <div class="test-waiting">
          <ProgressRing label="Preparing the test" />
          <p>Looking at the step, the workspace and its test runners…</p>
        </div>
      )}
      {draft?.impossible !== undefined && (
        <p class="problem">
          No test can be made of this step: {draft.impossible} Go to the step with the decision that was wrong and try
          again.
        </p>
      )}
      {draft !== undefined && draft.impossible === undefined && form !== undefined && !isDone && (
        <TestFields
          draft={draft}
          form={form}
          problems={checked === undefined || checked.ok ? {} : checked.problems}
          disabled={running}
          onChange={test.change}
        />
      )}
      {(running || test.lines.length > 0) && !isDone && <TestLog lines={test.lines} running={running} />}
      {outcome !== undefined && <TestResult outcome={outcome} />}
    </Dialog>
  );
}

interface Test {
  readonly draft: TestDraft | undefined;
  readonly form: TestForm | undefined;
  readonly running: boolean;
  readonly lines: readonly string[];
  readonly outcome: TestOutcome | undefined;
  readonly problem: string | undefined;
  change(change: Partial<TestForm>): void;
  generate(request: Extract<ReturnType<typeof checkForm>, { ok: true }>['request']): Promise<void>;
  cancel(): void;
}

function useTest(session: Session): Test {
  const [draft, setDraft] = useState<TestDraft | undefined>();
  const [form, setForm] = useState<TestForm | undefined>();
  const [lines, setLines] = useState<readonly string[]>([]);
  const [outcome, setOutcome] = useState<TestOutcome | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [controller, setController] = useState<AbortController | undefined>();
  // The cursor may be moved by a deep link while the dialog is open; the test stays with its step.
  const [place] = useState(() => ({ run: session.store.get().run, step: session.store.get().step }));

  useEffect(() => {
    const opening = new AbortController();
    session.host.draftTest(place, opening.signal).then(
      (made) => {
        setDraft(made);
        setForm(made.impossible === undefined ? formOf(made) : undefined);
      },
      (thrown: unknown) => {
        if (!opening.signal.aborted) setProblem(messageOf(thrown));
      },
    );
    session.onProofLine = (line) => setLines((before) => [...before.slice(-2000), line]);
    return () => {
      opening.abort();
      session.onProofLine = () => undefined;
    };
  }, [session, place]);

  return {
    draft,
    form,
    lines,
    outcome,
    problem,
    running: controller !== undefined,
    change: (change) => {
      setForm((before) => (draft === undefined || before === undefined ? before : changedForm(draft, before, change)));
      setOutcome(undefined);
    },
    generate: async (request) => {
      const running = new AbortController();
      setController(running);
      setLines([]);
      setOutcome(undefined);
      setProblem(undefined);
      try {
        setOutcome(await session.host.generateTest({ ...place, ...request }, running.signal));
      } catch (thrown) {
        setProblem(thrown instanceof Cancelled ? 'Stopped. Nothing was written.' : messageOf(thrown));
      } finally {
        setController(undefined);
      }
    },
    cancel: () => controller?.abort(),
  };
}
