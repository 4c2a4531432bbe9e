import type { Handlers } from '../../protocol/rpc.ts';
import type { FirstFrame, HostApi } from '../../protocol/webviewApi.ts';
import { generateGuardrail } from '../guard/guardrailCommand.ts';
import { stopAtFailures } from '../settings.ts';
import { draftTest, generateTest } from '../testing/regressionTest.ts';
import type { BreakpointStore } from './breakpointStore.ts';
import { copyRedacted } from './copyRedacted.ts';
import { openAsText, openBeside } from './openFile.ts';
import { showDiff } from './readonlyTexts.ts';
import { revealInJson } from './revealInJson.ts';
import type { TraceDocument } from './traceDocument.ts';
import type { Place } from './traceViews.ts';

/** What a view gives to the handlers of its page. */
export interface HostApiParts {
  readonly document: TraceDocument;
  readonly breakpoints: BreakpointStore;
  /** Whether the view shows credentials as they are. */
  readonly secrets: { shown: boolean };
  firstFrame(): Promise<FirstFrame>;
  moved(position: Place & { readonly sentence: string }): void;
  proofProgress(line: string): void;
}

/** What the page may ask: the reader's methods, forwarded, and what only VS Code can do. */
export function hostApi(parts: HostApiParts): Handlers<HostApi> {
  const { document, breakpoints, secrets, firstFrame, moved, proofProgress } = parts;
  const reader = () => document.service;
  const asShown = <T>(argument: T) => ({ ...argument, showSecrets: secrets.shown });
  return {
    rows: (argument, signal) => reader().rows(asShown(argument), signal),
    indexOf: (argument, signal) => reader().indexOf(argument, signal),
    step: (argument, signal) => reader().step(asShown(argument), signal),
    text: (argument, signal) => reader().text(asShown(argument), signal),
    lines: (argument, signal) => reader().lines(asShown(argument), signal),
    raw: (argument, signal) => reader().raw(asShown(argument), signal),
    rawText: (argument, signal) => reader().rawText(asShown(argument), signal),
    rawLines: (argument, signal) => reader().rawLines(asShown(argument), signal),
    find: (argument, signal) => reader().find(asShown(argument), signal),
    filter: (argument, signal) => reader().filter(argument, signal),
    folds: (argument, signal) => reader().folds(argument, signal),
    timeline: (argument, signal) => reader().timeline(argument, signal),
    watch: (argument, signal) => reader().watch(asShown(argument), signal),
    checkCondition: (argument, signal) => reader().checkCondition(argument, signal),
    provenance: (argument, signal) => reader().provenance(asShown(argument), signal),
    laterUses: (argument, signal) => reader().laterUses(asShown(argument), signal),
    positions: (argument, signal) => reader().positions(argument, signal),
    evaluate: (argument, signal) => document.evaluate(asShown(argument), signal),
    continue: (argument, signal) =>
      reader().continue(asShown({ ...argument, stopAtFailures: argument.stopAtFailures && stopAtFailures() }), signal),

    ready: () => firstFrame(),
    showSecrets: ({ shown }) => {
      secrets.shown = shown;
      return firstFrame();
    },
    moved,
    setBreakpoints: (argument) => void breakpoints.set(argument.breakpoints),
    openAsText: () => openAsText(document.uri),
    reopen: () => document.tryAgain(),
    revealInJson: (place) => revealInJson(document, place),
    copy: ({ text }) => copyRedacted(text),
    openFile: ({ path }) => openBeside(document.uri, path),
    showDiff,
    draftTest: (place) => draftTest(document.uri, place),
    generateGuardrail: (place) => generateGuardrail(document.uri, place),
    generateTest: (request, signal) => generateTest(document.uri, request, proofProgress, signal),
  };
}
