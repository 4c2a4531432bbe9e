import { TextField } from '../toolkit.ts';
import type { TestFieldsProps } from './TestFields.tsx';

interface ToolFieldProps extends Pick<TestFieldsProps, 'disabled' | 'onChange'> {
  readonly tools: readonly string[];
  readonly tool: string;
}

/** One of the tools that the run knows; any, when it knows none. */
export function ToolField({ tools, tool, disabled, onChange }: ToolFieldProps) {
  if (tools.length === 0) {
    return <TextField label="Tool" showLabel value={tool} disabled={disabled} onInput={(tool) => onChange({ tool })} />;
  }
  return (
    <label class="native-field">
      Tool
      <select value={tool} onChange={(event) => onChange({ tool: event.currentTarget.value })}>
        {[...new Set([...tools, tool])].map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
