import type { Action, Observation } from '../../core/trace/model.ts';
import { compareCalls } from '../state/compareCalls.ts';
import { useSession, useView } from '../state/context.ts';
import { durationWords } from '../state/sentence.ts';
import { Icon } from '../widgets/Icon.tsx';
import { targetWords } from '../widgets/Picture.tsx';
import { Visible } from '../widgets/Visible.tsx';
import { visibleString } from '../widgets/visibleText.ts';
import { Content, JsonValue, TextPart } from './Content.tsx';
import { OriginLeaf } from './OriginLeaf.tsx';

const EFFECTS = {
  read: { icon: 'eye', words: 'reads' },
  write: { icon: 'edit', words: 'writes' },
  irreversible: { icon: 'flame', words: 'irreversible' },
} as const;

/** One call and what came back: side by side where there is room. */
export function ActionView({ action, number, count }: { action: Action; number: number; count: number }) {
  const base = `/actions/${number}`;
  return (
    <section class="action-pair" aria-label={`Action ${number + 1}`}>
      <div class="block action">
        <h3>
          <Icon name="tools" /> Action{count > 1 && ` ${number + 1} of ${count}`}{' '}
          <span class="tool-name">
            <Visible text={action.tool} />
          </span>
          <Effect number={number} />
          {action.approval !== undefined && (
            <span class="chip" title={action.approval.feedback ?? ''}>
              <Icon name="shield" /> {action.approval.decision}
            </span>
          )}
        </h3>
        {action.target !== undefined && (
          <p class="muted target">
            <Icon name="target" /> {targetWords(action.target)}
          </p>
        )}
        <Arguments action={action} base={base} />
      </div>
      <ObservationView action={action} base={`${base}/observation`} number={number} />
    </section>
  );
}

/** How the action changes the world, as evaluators see it. What nothing is known of has no chip. */
function Effect({ number }: { readonly number: number }) {
  const call = useView((view) => view.body?.calls[number]);
  if (call === undefined || call.effect === 'unknown') return null;
  const { effect, because } = call;
  const { icon, words } = EFFECTS[effect];
  return (
    <span class={`chip effect-${effect}`} title={`${words}: ${because}`}>
      <Icon name={icon} /> {words}
    </span>
  );
}

function Arguments({ action, base }: { readonly action: Action; readonly base: string }) {
  const origins = useView((view) => view.origins);
  if (!action.argumentsRecorded) {
    return (
      <p class="muted">
        The trace does not record arguments (content capture was off), so nothing can be judged of them. Turn it on in
        the agent’s telemetry.
      </p>
    );
  }
  const hasArguments = Object.keys(action.arguments).length > 0;
  return (
    <>
      {action.argumentsProblem !== undefined && (
        <p class="problem">
          <Visible text={action.argumentsProblem} />
        </p>
      )}
      {hasArguments && (
        <JsonValue
          value={action.arguments}
          pointer={`${base}/arguments`}
          label="Argument"
          leaf={(value, pointer) => {
            const origin = origins?.find((o) => o.pointer === pointer);
            const isLong = typeof value === 'string' && (value.length > 160 || value.includes('\n'));
            return origin === undefined || origin.kind === 'trivial' || isLong ? undefined : (
              <OriginLeaf origin={origin} value={value} />
            );
          }}
        />
      )}
      {!hasArguments &&
        action.rawArguments !== undefined &&
        action.rawArguments.trim() !== '' &&
        action.rawArguments.trim() !== '{}' && (
          <TextPart text={action.rawArguments} pointer={`${base}/rawArguments`} label="Arguments as recorded" />
        )}
      {!hasArguments && (action.rawArguments ?? '{}').trim() === '{}' && <p class="muted">No arguments.</p>}
    </>
  );
}

interface ObservationProps {
  readonly action: Action;
  readonly base: string;
  readonly number: number;
}

function ObservationView({ action, base, number }: ObservationProps) {
  const { observation } = action;
  const name = `Observation ${number + 1}`;
  if (observation === undefined) {
    return (
      <div class="block observation">
        <h3>
          <Icon name="output" /> Observation
        </h3>
        <p class="muted">None is recorded: the call was cut off, refused, or its result was not captured.</p>
      </div>
    );
  }
  return (
    <div class={`block observation ${observation.isError === true ? 'is-error' : ''}`}>
      <h3>
        <Icon name="output" /> Observation
        <ResultChips observation={observation} action={action} />
        <CompareButton tool={action.tool} number={number} />
      </h3>
      {observation.content.length === 0 && <p class="muted">It is empty.</p>}
      {observation.content.map((part, i) => (
        <Content key={i} part={part} pointer={`${base}/content/${i}`} label={name} target={action.target} />
      ))}
    </div>
  );
}

/** Opens VS Code's diff against what the same tool returned the last time. */
function CompareButton({ tool, number }: { readonly tool: string; readonly number: number }) {
  const session = useSession();
  const previous = useView((view) => view.body?.calls[number]?.previous);
  if (previous === undefined) return null;
  const words = `Compare with the last call of ${visibleString(tool)} (step ${previous + 1})`;
  return (
    <button
      type="button"
      class="link compare-button"
      aria-label={words}
      title={words}
      onClick={() => void compareCalls(session, number, previous).catch(session.say)}
    >
      <Icon name="diff" /> Compare with step {previous + 1}
    </button>
  );
}

const ERROR_SOURCES = {
  flag: 'The format flags it as an error.',
  'exit-code': 'Its exit code is not 0.',
  text: 'Only its text looks like an error.',
} as const;

function ResultChips({ observation, action }: { readonly observation: Observation; readonly action: Action }) {
  const { isError, errorSource, errorType, exitCode } = observation;
  const { startTime, endTime } = action;
  const recorded = startTime !== undefined && endTime !== undefined ? endTime - startTime : undefined;
  const duration = observation.duration ?? recorded;
  return (
    <span class="result-chips">
      {isError === true && (
        <span class="chip chip-error" title={errorSource === undefined ? '' : ERROR_SOURCES[errorSource]}>
          <Icon name="error" /> {errorSource === 'text' ? 'looks like an error' : (errorType ?? 'error')}
        </span>
      )}
      {exitCode !== undefined && <span class={`chip ${exitCode === 0 ? '' : 'chip-error'}`}>exit {exitCode}</span>}
      {duration !== undefined && duration > 0 && <span class="muted duration">{durationWords(duration)}</span>}
    </span>
  );
}
