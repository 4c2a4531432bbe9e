import type { Handlers } from '../../protocol/rpc.ts';
import type { FirstFrame, HostApi } from '../../protocol/webviewApi.ts';
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
  firstFrame(): FirstFrame;
  moved(position: Place & { readonly sentence: string }): void;
  proofProgress(line: string): void;
}

/** What the page may ask: the reader's methods, forwarded, and what only VS Code can do. */
export function hostApi({ document, breakpoints, firstFrame, moved, proofProgress }: HostApiParts): Handlers<HostApi> {
  const reader = () => document.service;
  return {
    rows: (argument, signal) => reader().rows(argument, signal),
    step: (argument, signal) => reader().step(argument, signal),
    text: (argument, signal) => reader().text(argument, signal),
    raw: (argument, signal) => reader().raw(argument, signal),
    find: (argument, signal) => reader().find(argument, signal),
    filter: (argument, signal) => reader().filter(argument, signal),
    watch: (argument, signal) => reader().watch(argument, signal),
    checkCondition: (argument, signal) => reader().checkCondition(argument, signal),
    provenance: (argument, signal) => reader().provenance(argument, signal),
    positions: (argument, signal) => reader().positions(argument, signal),
    evaluate: ({ run }, signal) => document.evaluate(run, signal),
    continue: (argument, signal) =>
      reader().continue({ ...argument, stopAtFailures: argument.stopAtFailures && stopAtFailures() }, signal),

    ready: async () => firstFrame(),
    moved,
    setBreakpoints: (argument) => void breakpoints.set(argument.breakpoints),
    openAsText: () => openAsText(document.uri),
    revealInJson: (place) => revealInJson(document, place),
    copy: ({ text }) => copyRedacted(text),
    openFile: ({ path }) => openBeside(document.uri, path),
    showDiff,
    draftTest: (place) => draftTest(document.uri, place),
    generateTest: (request, signal) => generateTest(document.uri, request, proofProgress, signal),
  };
}
