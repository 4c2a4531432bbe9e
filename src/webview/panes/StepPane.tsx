import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ContentPart, Step } from '../../core/trace/model.ts';
import { useSession, useView } from '../state/context.ts';
import { STEP_PANE } from '../state/focus.ts';
import { countOf, dollars, durationWords, grouped, stepName } from '../state/sentence.ts';
import { findingsOf, iconOf } from '../state/stepMarks.ts';
import { evaluationOf } from '../state/view.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Visible } from '../widgets/Visible.tsx';
import { ActionView } from './ActionView.tsx';
import { Content, TextPart } from './Content.tsx';
import { Comparison, ModelBadge, SeverityIcon } from './findingParts.tsx';
import { GuardrailButton, isAboutSafety } from './GuardrailButton.tsx';
import { SuspectBanner } from './SuspectBanner.tsx';
import { useFindHighlight } from './useFindHighlight.ts';
import { usePlaceHighlight } from './usePlaceHighlight.ts';
import { WayBack } from './WayBack.tsx';

/** The step under the cursor: why it is suspect, what the agent thought, did and saw. */
export function StepPane() {
  const step = useView((view) => view.step);
  const run = useView((view) => view.run);
  const body = useView((view) => view.body);
  const secretsShown = useView((view) => view.secretsShown);
  const problem = useView((view) => view.bodyProblem);
  const pane = useRef<HTMLElement>(null);
  useLayoutEffect(() => pane.current?.scrollTo(0, 0), [step, run]);
  useFindHighlight(pane);
  usePlaceHighlight(pane);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="step-pane" id={STEP_PANE} ref={pane} tabIndex={0} aria-label="Step">
      <WayBack />
      <SuspectBanner />
      {body !== undefined && body.step.index === step ? (
        <StepBody key={`${step} ${secretsShown} ${run}`} step={body.step} />
      ) : (
        <StepComing problem={problem} />
      )}
    </section>
  );
}

function StepComing({ problem }: { readonly problem: string | undefined }) {
  const session = useSession();
  const step = useView((view) => view.step);
  const row = session.pages.at(step);
  return (
    <div class="step-coming">
      {row !== undefined && <StepHead step={{ ...row, actions: [] }} />}
      {problem === undefined ? (
        <p class="muted late">Reading the step…</p>
      ) : (
        <p class="problem" role="alert">
          This step can’t be shown: {problem}
        </p>
      )}
    </div>
  );
}

function StepBody({ step }: { readonly step: Step }) {
  return (
    <article class="step-body">
      <StepHead step={step} />
      <FindingsHere step={step.index} />
      {step.thought !== undefined && step.thought.trim() !== '' && (
        <section class="block thought" aria-label="Thought">
          <h3>
            <Icon name="lightbulb" /> Thought
          </h3>
          <TextPart text={step.thought} pointer="/thought" label="Thought" as="markdown" />
        </section>
      )}
      {step.message !== undefined && step.message.length > 0 && <Message step={step} parts={step.message} />}
      {step.screen !== undefined && (
        <section class="block" aria-label="Screen">
          <h3>
            <Icon name="device-desktop" /> Screen before the action
          </h3>
          <Content part={step.screen} pointer="/screen" label="Screen" target={step.actions[0]?.target} />
        </section>
      )}
      {step.approval !== undefined && (
        <p class="block approval">
          <Icon name="shield" /> {step.approval.decision}
          {step.approval.by !== undefined && <Visible text={` by ${step.approval.by}`} />}
          {step.approval.feedback !== undefined && <Visible text={`: ${step.approval.feedback}`} />}
        </p>
      )}
      {step.actions.map((action, i) => (
        <ActionView key={i} action={action} number={i} count={step.actions.length} />
      ))}
      <SubRuns runs={step.childRuns} />
    </article>
  );
}

function StepHead({ step }: { readonly step: Step }) {
  const { startTime, endTime, usage, cost } = step;
  const facts = [
    step.label,
    step.agent,
    step.model,
    startTime !== undefined && endTime !== undefined && endTime > startTime
      ? durationWords(endTime - startTime)
      : undefined,
    usage?.inputTokens === undefined && usage?.outputTokens === undefined
      ? step.tokens === undefined
        ? undefined
        : `${step.tokens.toLocaleString('en-US')} tokens`
      : `${(usage.inputTokens ?? 0).toLocaleString('en-US')} + ${(usage.outputTokens ?? 0).toLocaleString('en-US')} tokens`,
    cost === undefined ? undefined : dollars(cost),
    step.finishReason === undefined ? undefined : `finished: ${step.finishReason}`,
  ].filter((fact) => fact !== undefined && fact !== '');
  return (
    <header class="step-head">
      <h2>
        <Icon name={iconOf(step)} /> Step {grouped(step.index + 1)}{' '}
        <span class="step-head-what">
          <Visible text={stepName(step)} />
        </span>
      </h2>
      <p class="facts muted">
        {startTime !== undefined && <time dateTime={new Date(startTime).toISOString()}>{clock(startTime)}</time>}
        {facts.map((fact) => (
          <span key={fact}>
            <Visible text={fact ?? ''} />
          </span>
        ))}
      </p>
    </header>
  );
}

function clock(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('T', ' ').slice(0, 19);
}

/** Findings of one step that are shown before "show all". */
const SHOWN_FINDINGS = 20;

/** The findings that point at this step, in a line each, but for what the banner above says already. */
function FindingsHere({ step }: { readonly step: number }) {
  const evaluation = useView(evaluationOf);
  const [isWhole, setIsWhole] = useState(false);
  if (evaluation === undefined) return null;
  const suspect = evaluation.suspects.find((one) => one.step === step);
  const all = findingsOf(evaluation).get(step) ?? [];
  const findings = all.filter(({ finding }) => finding.message !== suspect?.reason);
  const isOffered = suspect?.evaluators.some(isAboutSafety) === true;
  const unsafe = isOffered ? -1 : findings.findIndex(({ evaluator }) => isAboutSafety(evaluator));
  const shown = isWhole ? findings : findings.slice(0, SHOWN_FINDINGS);
  if (findings.length === 0) return null;
  return (
    <ul class="findings-here" aria-label="Findings at this step">
      {shown.map(({ evaluator, finding, judge }, i) => (
        <li
          key={`${evaluator} ${finding.pointer} ${finding.message}`}
          class={`finding-line severity-${finding.severity}`}
        >
          <SeverityIcon severity={finding.severity} />
          <span class="finding-words">
            <Visible text={finding.message} /> <span class="muted finding-evaluator">{evaluator}</span>{' '}
            <ModelBadge judge={judge} />
            <Comparison finding={finding} /> {i === unsafe && <GuardrailButton step={step} />}
          </span>
        </li>
      ))}
      {shown.length < findings.length && (
        <li>
          <button type="button" class="link" onClick={() => setIsWhole(true)}>
            Show all {countOf(findings.length, 'finding')} of this step
          </button>
        </li>
      )}
    </ul>
  );
}

const SPEAKERS: Partial<Record<Step['kind'], { title: string; icon: string }>> = {
  user: { title: 'User', icon: 'account' },
  system: { title: 'System', icon: 'settings-gear' },
  final: { title: 'Final answer', icon: 'comment' },
  plan: { title: 'Plan', icon: 'checklist' },
};

function Message({ step, parts }: { readonly step: Step; readonly parts: readonly ContentPart[] }) {
  const { title, icon } = SPEAKERS[step.kind] ?? { title: 'Message', icon: 'comment' };
  return (
    <section class={`block message message-${step.kind}`} aria-label={title}>
      <h3>
        <Icon name={icon} /> {title}
      </h3>
      {parts.map((part, i) => (
        <Content
          key={i}
          part={part}
          pointer={`/message/${i}`}
          label={title}
          {...(part.type === 'text' && step.kind !== 'other' && { as: 'markdown' as const })}
        />
      ))}
    </section>
  );
}

/** Sub-agents with runs of their own. */
function SubRuns({ runs }: { readonly runs: readonly string[] }) {
  const session = useSession();
  const all = useView((view) => (view.opening.status === 'opened' ? view.opening.summary.runs : undefined));
  if (runs.length === 0) return null;
  return (
    <section class="block" aria-label="Sub-agents">
      <h3>
        <Icon name="hubot" /> Started {runs.length === 1 ? 'a sub-agent' : `${runs.length} sub-agents`}
      </h3>
      <ul class="plain-list">
        {runs.map((id) => (
          <li key={id}>
            <button type="button" class="link" onClick={() => session.openRun(id, 0)}>
              <Icon name="debug-step-into" /> <Visible text={all?.find((run) => run.id === id)?.title ?? id} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
