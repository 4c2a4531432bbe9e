import { useSession, useView } from '../state/context.ts';
import { countOf } from '../state/sentence.ts';
import { findingsOf } from '../state/stepMarks.ts';
import { evaluationOf, runOf } from '../state/view.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';
import { Comparison } from './findingParts.tsx';
import { GuardrailButton, isAboutSafety } from './GuardrailButton.tsx';

/** Why the cursor is here: the suspect's reason and the checks that speak for it. */
export function SuspectBanner() {
  const session = useSession();
  const step = useView((view) => view.step);
  const evaluation = useView(evaluationOf);
  if (evaluation === undefined) return null;
  const place = evaluation.suspects.findIndex((suspect) => suspect.step === step);
  const suspect = evaluation.suspects[place];
  if (suspect === undefined) return step === 0 && evaluation.suspects.length === 0 ? <NothingSuspicious /> : null;
  const others = evaluation.suspects.length;
  const next = evaluation.suspects[(place + 1) % others];
  const finding = findingsOf(evaluation)
    .get(step)
    ?.find((found) => found.finding.message === suspect.reason)?.finding;
  return (
    <section class={`suspect-banner ${place === 0 ? 'is-first' : ''}`} aria-label="Suspect step">
      <Icon name="target" class="suspect-icon" />
      <div class="suspect-words">
        <p>
          <strong>{place === 0 ? 'Suspect step' : `Suspect ${place + 1} of ${others}`}</strong>
          {' · '}
          <Visible text={suspect.reason} />
          {finding !== undefined && (
            <>
              {' '}
              <Comparison finding={finding} />
            </>
          )}
        </p>
        <p class="chips">
          <span class="muted">Why:</span>
          {suspect.evaluators.map((evaluator) => {
            const verdict = evaluation.verdicts.find((v) => v.evaluator === evaluator);
            return (
              <button
                key={evaluator}
                type="button"
                class={`chip ${verdict?.judge === undefined ? '' : 'is-model'}`}
                title={verdict?.reason ?? evaluator}
                onClick={() => session.store.set({ tab: 'findings' })}
              >
                {verdict?.judge !== undefined && <Icon name="hubot" />}
                {evaluator}
              </button>
            );
          })}
          {suspect.evaluators.some(isAboutSafety) && <GuardrailButton step={step} />}
          {others > 1 && next !== undefined && (
            <button type="button" class="link" onClick={() => session.goTo(next.step)}>
              {place === others - 1 ? 'First suspect' : 'Next suspect'}: step {next.step + 1}
            </button>
          )}
        </p>
      </div>
    </section>
  );
}

/** Evaluation came to no suspect: said in so many words, for silence could mean anything. */
function NothingSuspicious() {
  const judged = useView(
    (view) => evaluationOf(view)?.verdicts.filter((verdict) => verdict.status !== 'na').length ?? 0,
  );
  const failed = useView((view) => runOf(view)?.outcome?.status === 'failed');
  const words =
    judged === 0
      ? 'No check applies to this run; the Findings tab says what each would need.'
      : failed
        ? `The run is recorded as failed, but ${countOf(judged, 'check')} found no step to blame.`
        : `Nothing suspicious found by ${countOf(judged, 'check')}.`;
  const isCalm = judged > 0 && !failed;
  return (
    <section class={`suspect-banner ${isCalm ? 'is-calm' : 'is-open'}`} aria-label="Suspect step">
      <Icon name={isCalm ? 'pass' : 'info'} class={isCalm ? 'tone-pass' : 'tone-info'} />
      <p class="suspect-words">
        <strong>{words}</strong> Step through with F10, or set a breakpoint on a condition.
      </p>
    </section>
  );
}
