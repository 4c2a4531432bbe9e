import { type Conversion, type ConvertOptions, convert, type Loss } from '../core/convert/convert.ts';
import type { Exporter } from '../core/convert/exporter.ts';
import type { OpenTrace } from '../core/formats/openTrace.ts';
import { secretlintDetector } from './regression/secretDetector.ts';
import { refuseExisting, writeWhole } from './writeWhole.ts';

export interface ExportOptions extends Omit<ConvertOptions, 'detect'> {
  /** True when the person was asked whether the file may be replaced. */
  readonly overwrite?: boolean;
}

export interface Exported {
  readonly losses: readonly Loss[];
  readonly redactions: number;
}

/** The same conversion as text; what it leaves out is known at its end. */
export function exportText(opened: OpenTrace, exporter: Exporter, options: ConvertOptions): Promise<Conversion> {
  return convert(opened, exporter, { ...options, detect: secretlintDetector });
}

/**
 * Writes a trace in another format to `path`, whole or not at all: beside it first, then renamed. A file that is there is
 * replaced only with `overwrite`. Rejects with a sentence when it can't be written; nothing is left behind then.
 */
export async function exportTrace(
  opened: OpenTrace,
  exporter: Exporter,
  path: string,
  { overwrite = false, ...options }: ExportOptions,
): Promise<Exported> {
  await refuseExisting(path, overwrite);
  const conversion = await exportText(opened, exporter, options);
  await writeWhole(path, conversion.text, { overwrite, ...(options.signal && { signal: options.signal }) });
  return { losses: conversion.losses(), redactions: conversion.redactions() };
}

/** What an export left out and replaced, for people: a sentence, or two. */
export function describeExport({ losses, redactions }: Exported, { title }: Exporter): string[] {
  const said: string[] = [];
  if (losses.length > 0) {
    const list = losses.map(({ title: what, count }) => `${what} (${count})`).join(', ');
    said.push(`${title} has no place for ${list}.`);
  }
  if (redactions > 0) {
    said.push(
      redactions === 1
        ? 'A secret was replaced by a placeholder.'
        : `${redactions} secrets were replaced by placeholders.`,
    );
  }
  return said;
}
