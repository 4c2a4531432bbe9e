import type { SecretDetector } from '../../core/redact/redact.ts';

/**
 * Secretlint's recommended rules (keys and tokens of known services, private keys, connection strings) as a detector.
 * They are large and in use only when something is written or sent: loaded then, and one file for all bundles.
 */
export const secretlintDetector: SecretDetector = async (text) => {
  const { findWithSecretlint } = await import('./secretlint.ts');
  return findWithSecretlint(text);
};
