import { redact } from '../../../core/redact/redact.ts';
import type { Json } from '../../../core/util/json.ts';
import { secretlintDetector } from '../../regression/secretDetector.ts';

/** A forked run as it is written: what an agent called and said by itself may hold secrets that the source never had. */
export async function traceText(text: string): Promise<string> {
  const { value } = await redact(JSON.parse(text) as Json, secretlintDetector);
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
