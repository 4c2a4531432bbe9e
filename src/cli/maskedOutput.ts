import { maskSecrets, maskText } from '../core/redact/mask.ts';
import { isObject, tryParse } from '../core/util/json.ts';
import type { Output } from './command.ts';

/**
 * The same output with a mask over every credential, as on the screen of the editor: what a terminal shows is copied,
 * logged and recorded. Lines of JSON stay JSON.
 */
export function maskedOutput(output: Output): Output {
  return {
    ...output,
    out: (line) => output.out(maskedLine(line)),
    error: (line) => output.error(maskText(line)),
  };
}

function maskedLine(line: string): string {
  const value = /^\s*\{/.test(line) ? tryParse(line) : undefined;
  if (!isObject(value)) return maskText(line);
  const masked = maskSecrets(value);
  return masked === value ? line : JSON.stringify(masked);
}
