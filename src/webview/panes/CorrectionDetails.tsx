import { assertNever } from '../../core/util/assertNever.ts';
import { TextArea } from '../toolkit.ts';
import { Field } from './Field.tsx';
import type { TestFieldsProps } from './TestFields.tsx';
import { ToolField } from './ToolField.tsx';

/** What else there is to say of a correction; it stands below it. */
export function CorrectionDetails({ draft, form, problems, disabled, onChange }: TestFieldsProps) {
  switch (form.correction) {
    case 'askFirst':
      return null;
    case 'mustNotClaim':
      return (
        <div class="correction-details">
          <Field problem={problems.claim}>
            <TextArea
              label="What must not be said (whatever its case and spaces)"
              showLabel
              rows={2}
              value={form.claim}
              disabled={disabled}
              onInput={(claim) => onChange({ claim })}
            />
          </Field>
        </div>
      );
    case 'edit':
    case 'forbid':
    case 'require':
      return (
        <div class="correction-details">
          {form.correction === 'require' && (
            <Field problem={problems.tool}>
              <ToolField tools={draft.tools} tool={form.tool} disabled={disabled} onChange={onChange} />
            </Field>
          )}
          <Field problem={problems.argumentsText}>
            <TextArea
              label={
                form.correction === 'forbid'
                  ? `Arguments of ${form.tool} that make it wrong (JSON; {} forbids every call)`
                  : `Arguments of ${form.tool} (JSON)`
              }
              showLabel
              class="json-field"
              rows={Math.min(12, Math.max(3, form.argumentsText.split('\n').length + 1))}
              value={form.argumentsText}
              disabled={disabled}
              onInput={(argumentsText) => onChange({ argumentsText })}
            />
          </Field>
        </div>
      );
    default:
      return assertNever(form.correction);
  }
}
