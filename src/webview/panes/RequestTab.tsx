import { asArray, asText, field, isObject, type Json } from '../../core/util/json.ts';
import { useView } from '../state/context.ts';
import { countOf } from '../state/sentence.ts';
import { Visible } from '../widgets/Visible.tsx';
import { JsonValue, TextPart } from './Content.tsx';

const NEWEST = 3;

/** What the model was given at this step, where the trace records it. */
export function RequestTab() {
  const request = useView((view) => view.body?.step.request);
  const step = useView((view) => view.step);
  if (request === undefined || request === null) {
    return (
      <p class="empty">
        This trace does not record what the model was given at this step. Exporters that capture message content (for
        example <code>gen_ai.input.messages</code> in OpenTelemetry) fill this tab.
      </p>
    );
  }
  const isList = Array.isArray(request);
  const messages = isList ? request : asArray(field(request, 'messages'));
  if (messages.length === 0 || !messages.every((m) => isObject(m) && asText(m.role) !== undefined)) {
    return <JsonValue key={step} value={request} pointer="/request" label="Request" budget={80} />;
  }
  const base = isList ? '/request' : '/request/messages';
  return (
    <div key={step}>
      <p class="muted">{countOf(messages.length, 'message')}, the newest last</p>
      {messages.map((message, i) => (
        <details key={i} class="group" open={i >= messages.length - NEWEST}>
          <summary>
            <Visible text={asText(field(message, 'role')) ?? ''} />
          </summary>
          <MessageContent message={message} pointer={`${base}/${i}`} />
        </details>
      ))}
    </div>
  );
}

function MessageContent({ message, pointer }: { readonly message: Json; readonly pointer: string }) {
  const content = field(message, 'content');
  const others = isObject(message)
    ? Object.fromEntries(Object.entries(message).filter(([key]) => key !== 'role' && key !== 'content'))
    : {};
  return (
    <>
      {typeof content === 'string' ? (
        <TextPart text={content} pointer={`${pointer}/content`} label="Message" />
      ) : (
        content !== undefined &&
        content !== null && <JsonValue value={content} pointer={`${pointer}/content`} label="Message" />
      )}
      {Object.keys(others).length > 0 && <JsonValue value={others} pointer={pointer} label="Message" />}
    </>
  );
}
