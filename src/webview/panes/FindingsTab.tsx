import type { Finding, Verdict } from '../../core/evaluators/verdict.ts';
import type { Problem } from '../../core/trace/model.ts';
import { useSession, useView } from '../state/context.ts';
import { countOf } from '../state/sentence.ts';
import { evaluationOf } from '../state/view.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';
import { Comparison, ModelBadge, SeverityIcon } from './findingParts.tsx';
import { GuardrailButton, isAboutSafety } from './GuardrailButton.tsx';

/** All verdicts of the run: roll-ups first, then what is wrong, then what was fine or could not be judged. */
export function FindingsTab() {
  const evaluation = useView(evaluationOf);
  const state = useView((view) => view.evaluations.get(view.run));
  return (
    <>
      {evaluation === undefined ? (
        <p class="empty">
          {state?.status === 'failed'
            ? `The evaluation failed: ${state.sentence}`
            : state?.status === 'cancelled'
              ? 'The evaluation was cancelled. Start it again in the toolbar.'
              : 'The run is being evaluated; what is found will stand here.'}
        </p>
      ) : (
        <>
          <RollUps verdicts={evaluation.rollUps} />
          <Failing verdicts={evaluation.verdicts} />
          <Group title="Passed" icon="pass" verdicts={evaluation.verdicts.filter((v) => v.status === 'pass')} />
          <Group
            title="Not applicable"
            icon="circle-slash"
            verdicts={evaluation.verdicts.filter((v) => v.status === 'na')}
          />
        </>
      )}
      <Problems />
    </>
  );
}

const STATUS: Record<Verdict['status'], readonly [icon: string, tone: string, word: string]> = {
  pass: ['pass', 'tone-pass', 'pass'],
  fail: ['error', 'tone-error', 'fail'],
  warn: ['warning', 'tone-warning', 'warn'],
  na: ['circle-slash', 'tone-muted', 'n/a'],
  error: ['bug', 'tone-error', 'the check itself failed'],
};

function RollUps({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  return (
    <ul class="roll-ups" aria-label="Summary">
      {verdicts.map(({ evaluator, status, score, reason, judge }) => {
        const [icon, tone, word] = STATUS[status];
        return (
          <li key={evaluator} class={`roll-up roll-up-${status}`}>
            <div class="roll-up-head">
              <span class={tone} title={word}>
                <Icon name={icon} />
                <span class="sr-only">{word}</span>
              </span>
              <span class="roll-up-name">{evaluator}</span>
              <ModelBadge judge={judge} />
              <span class={`roll-up-score ${score === null ? 'muted' : ''}`}>
                {score === null ? 'n/a' : score.toFixed(2)}
              </span>
            </div>
            <p class="muted">
              <Visible text={reason} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function Failing({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  const bad = verdicts.filter((v) => v.status === 'fail' || v.status === 'warn' || v.status === 'error');
  if (bad.length === 0) {
    const judged = verdicts.filter((v) => v.status === 'pass').length;
    return <p class="empty">{countOf(judged, 'check')} found no step to blame.</p>;
  }
  return (
    <>
      {bad.map((verdict) => {
        const [icon, tone, word] = STATUS[verdict.status];
        return (
          <section key={verdict.evaluator} class="verdict">
            <h3 class="verdict-head">
              <span class={tone} title={word}>
                <Icon name={icon} />
                <span class="sr-only">{word}: </span>
              </span>
              <EvaluatorName verdict={verdict} />
              <ModelBadge judge={verdict.judge} />
            </h3>
            <p class="muted">
              <Visible text={verdict.reason} />
            </p>
            <ul class="finding-list">
              {verdict.findings.map((finding) => (
                <FindingItem
                  key={`${finding.step} ${finding.pointer} ${finding.message}`}
                  finding={finding}
                  isUnsafe={isAboutSafety(verdict.evaluator)}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

/** An evaluator that somebody wrote says what it is called; the others are known by their ids. */
function EvaluatorName({ verdict: { title, evaluator } }: { readonly verdict: Verdict }) {
  if (title === undefined) return <Visible text={evaluator} />;
  return (
    <span>
      <Visible text={title} />{' '}
      <code class="muted">
        <Visible text={evaluator} />
      </code>
    </span>
  );
}

const CONFIDENCE: Record<Finding['confidence'], string> = {
  certain: 'certain',
  likely: 'likely',
  heuristic: 'only a heuristic',
};

function FindingItem({ finding, isUnsafe }: { readonly finding: Finding; readonly isUnsafe: boolean }) {
  const session = useSession();
  const isHere = useView((view) => view.step === finding.step);
  // What the sentence has quoted already needn't be said again.
  const evidence = finding.evidence.filter(
    (place) => place.step !== finding.step || !finding.message.includes((place.quote ?? '').slice(0, 40)),
  );
  return (
    <li class={`finding ${isHere ? 'is-here' : ''}`}>
      <SeverityIcon severity={finding.severity} />
      <div class="finding-words">
        <p>
          <button type="button" class="link" onClick={() => session.goTo(finding.step)}>
            Step {finding.step + 1}
          </button>{' '}
          <Visible text={finding.message} /> <Comparison finding={finding} />
        </p>
        {evidence.length > 0 && (
          <ul class="evidence">
            {evidence.map((place) => (
              <li key={`${place.step} ${place.pointer ?? ''} ${place.quote ?? ''}`}>
                <button type="button" class="link" onClick={() => session.goTo(place.step)}>
                  step {place.step + 1}
                </button>
                {place.quote !== undefined && (
                  <q>
                    <Visible text={place.quote} />
                  </q>
                )}
              </li>
            ))}
          </ul>
        )}
        <p class="finding-foot">
          <span class="muted confidence">{CONFIDENCE[finding.confidence]}</span>
          {isUnsafe && <GuardrailButton step={finding.step} />}
        </p>
      </div>
    </li>
  );
}

function Group({ title, icon, verdicts }: { title: string; icon: string; verdicts: readonly Verdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <details class="group">
      <summary>
        <Icon name={icon} /> {title} <span class="badge">{verdicts.length}</span>
      </summary>
      <ul class="plain-list">
        {verdicts.map((verdict) => (
          <li key={verdict.evaluator}>
            <span class="evaluator">
              <EvaluatorName verdict={verdict} />
            </span>{' '}
            <ModelBadge judge={verdict.judge} />
            <p class="muted">
              <Visible text={verdict.reason} />
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}

const NO_PROBLEMS: readonly Problem[] = [];

/** What could not be read of the file, or only after a repair. */
function Problems() {
  const problems = useView((view) => (view.opening.status === 'opened' ? view.opening.summary.problems : NO_PROBLEMS));
  const joined = useView((view) => (view.opening.status === 'opened' ? view.opening.summary.joined : []));
  return (
    <>
      {problems.length > 0 && (
        <details class="group" open={problems.some((p) => p.severity === 'error')}>
          <summary>
            <Icon name="tools" /> Problems of the file <span class="badge">{problems.length}</span>
          </summary>
          <ul class="plain-list">
            {problems.slice(0, 500).map((problem) => (
              <li key={`${problem.message} ${problem.range?.start ?? ''}`} class="finding">
                <SeverityIcon severity={problem.severity === 'note' ? 'information' : problem.severity} />
                <div class="finding-words">
                  <Visible text={problem.message} />
                  {problem.records > 0 && <span class="muted"> ({countOf(problem.records, 'record')})</span>}
                </div>
              </li>
            ))}
            {problems.length > 500 && <li class="muted">and {problems.length - 500} more of them</li>}
          </ul>
        </details>
      )}
      {joined.length > 0 && (
        <details class="group">
          <summary>
            <Icon name="link" /> Joined files <span class="badge">{joined.length}</span>
          </summary>
          <ul class="plain-list">
            {joined.map((sentence) => (
              <li key={sentence}>
                <Visible text={sentence} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
