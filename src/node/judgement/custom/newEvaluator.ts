import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, messageOf, ok, type Result } from '../../../core/util/result.ts';
import { writeWhole } from '../../writeWhole.ts';
import pythonTypes from './authors/hindstep_evaluator.py?raw';
import typeScriptTypes from './authors/hindstep-evaluator.d.ts?raw';
import javaScriptTemplate from './authors/template.mjs.txt?raw';
import pythonTemplate from './authors/template.py.txt?raw';
import typeScriptTemplate from './authors/template.ts.txt?raw';
import type { EvaluatorLanguage } from './findCustomEvaluators.ts';

interface Authoring {
  readonly extension: string;
  readonly template: string;
  /** The file beside it that gives completion. */
  readonly types: { readonly fileName: string; readonly text: string };
}

const AUTHORING: Readonly<Record<EvaluatorLanguage, Authoring>> = {
  ts: {
    extension: 'ts',
    template: typeScriptTemplate,
    types: { fileName: 'hindstep-evaluator.d.ts', text: typeScriptTypes },
  },
  js: {
    extension: 'mjs',
    template: javaScriptTemplate,
    types: { fileName: 'hindstep-evaluator.d.ts', text: typeScriptTypes },
  },
  py: { extension: 'py', template: pythonTemplate, types: { fileName: 'hindstep_evaluator.py', text: pythonTypes } },
};

export interface NewEvaluator {
  /** The evaluator's file, absolute. */
  readonly path: string;
  readonly written: readonly string[];
  /** A types file of another Hindstep, or changed by hand, that was left as it is. */
  readonly kept?: string;
}

export interface NewEvaluatorRequest {
  /** Absolute; made when it is not there. */
  readonly folder: string;
  /** `refund-limit`: the file's name and the evaluator's id. */
  readonly name: string;
  readonly language: EvaluatorLanguage;
  /** Whether a types file that differs may be replaced; the evaluator itself never is. */
  readonly replaceTypes?: boolean;
}

/**
 * Writes an evaluator to begin with and the file that gives its author completion, beside it. What is there already is
 * never replaced, but for types when it is asked for.
 */
export async function newEvaluator({
  folder,
  name,
  language,
  replaceTypes,
}: NewEvaluatorRequest): Promise<Result<NewEvaluator>> {
  if (!isEvaluatorName(name)) {
    return err(
      `"${name}" is no name for an evaluator; choose one such as refund-limit: small letters, digits and hyphens.`,
    );
  }
  const { extension, template, types } = AUTHORING[language];
  const path = join(folder, `${name}.evaluator.${extension}`);
  const written = [path];
  try {
    await mkdir(folder, { recursive: true });
    const text = template.replace('{{id}}', name).replace('{{title}}', titleOf(name));
    await writeFile(path, text, { flag: 'wx' });
    const typesPath = join(folder, types.fileName);
    const standing = await readFile(typesPath, 'utf8').catch(() => undefined);
    if (standing === types.text) return ok({ path, written });
    if (standing !== undefined && replaceTypes !== true) return ok({ path, written, kept: typesPath });
    await writeWhole(typesPath, [types.text], { overwrite: standing !== undefined });
    return ok({ path, written: [...written, typesPath] });
  } catch (thrown) {
    const exists = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    return err(
      exists ? `${path} is there already; nothing was written.` : `${path} can't be written: ${messageOf(thrown)}`,
    );
  }
}

export function isEvaluatorName(name: string): boolean {
  return name.length <= 60 && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name);
}

/** `refund-limit` as `Refund limit`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
