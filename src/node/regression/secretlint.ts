import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretDetector } from '../../core/redact/redact.ts';

// It keeps every mark of every call for ever and looks through all of them at each: calls would become slower and slower.
secretLintProfiler.mark = () => {};

/** What Secretlint's recommended rules find in a text, and nothing else: it reads no file. See `secretlintDetector`. */
export const findWithSecretlint: SecretDetector = async (text) => {
  const { messages } = await lintSource({
    source: { content: text, filePath: 'trace.txt', contentType: 'text', ext: '.txt' },
    options: {
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
      noPhysicFilePath: true,
    },
  });
  return messages.map(({ range: [start, end], ruleId }) => {
    // Some rules tell how long the key is, and where its name begins instead of where it does.
    const shift = NAME.exec(text.slice(start, end))?.[0].length ?? 0;
    const rule = ruleId.replace('@secretlint/secretlint-rule-', '');
    return { start: start + shift, end: end + shift, kind: 'SECRET', rule };
  });
};

const NAME = /^\w*(?:key|token|secret|account|id)\w*\\*["']?\s*(?:=>|[:=])\s*\\*["']?/i;
