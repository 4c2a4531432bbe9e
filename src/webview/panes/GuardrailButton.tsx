import { useSession } from '../state/context.ts';
import { Icon } from '../widgets/Icon.tsx';

/** Whether a policy can hold back what an evaluator finds: only what it says about safety. */
export function isAboutSafety(evaluator: string): boolean {
  return evaluator.startsWith('safety.');
}

/** From an unsafe step to the rule that holds it back the next time. VS Code shows the rule before anything is written. */
export function GuardrailButton({ step }: { readonly step: number }) {
  const session = useSession();
  const generate = () => {
    const { run } = session.store.get();
    void session.host.generateGuardrail({ run, step }).catch(session.say);
  };
  return (
    <button type="button" class="link guardrail" onClick={generate}>
      <Icon name="shield" /> Generate pre-guardrail
    </button>
  );
}
