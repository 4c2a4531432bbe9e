import type { ViewCommand } from '../protocol/webviewApi.ts';

/** Every name that package.json and the code share, typed once. `contributions.test.ts` holds the two together. */

/** Publisher and name: the authority of deep links. */
export const EXTENSION_ID = 'hindstep.hindstep';

/** `trace` is the default editor of `*.trace.json`; `otherTrace` is offered by "Open With…" for what may hold a trace. */
export const VIEW_TYPES = { trace: 'hindstep.trace', otherTrace: 'hindstep.otherTrace' } as const;

/** VS Code commands that do the same as a button or key inside the view. */
export const VIEW_COMMANDS = {
  restart: 'hindstep.restart',
  stepOver: 'hindstep.stepOver',
  stepInto: 'hindstep.stepInto',
  stepOut: 'hindstep.stepOut',
  stepBack: 'hindstep.stepBack',
  continue: 'hindstep.continue',
  reverseContinue: 'hindstep.reverseContinue',
  toggleBreakpoint: 'hindstep.toggleBreakpoint',
  addConditionalBreakpoint: 'hindstep.addConditionalBreakpoint',
  nextFinding: 'hindstep.nextFinding',
  previousFinding: 'hindstep.previousFinding',
  goToSuspect: 'hindstep.goToSuspect',
  pickRun: 'hindstep.pickRun',
  find: 'hindstep.find',
  filter: 'hindstep.filter',
  generateTest: 'hindstep.generateTest',
  revealInJson: 'hindstep.revealInJson',
  toggleSecrets: 'hindstep.toggleSecrets',
  showKeys: 'hindstep.showKeys',
} as const satisfies Record<ViewCommand, `hindstep.${ViewCommand}`>;

export const COMMANDS = {
  /** Opens a file (from the Explorer, the editor title, or asked for) in the debugger. */
  open: 'hindstep.open',
  openAsText: 'hindstep.openAsText',
  /** Opens a copy of the bundled sample. */
  openSample: 'hindstep.openSample',
  /** Shows a step: `[uri, run, step]`. For the links of the Problems panel; not for people. */
  goTo: 'hindstep.goTo',
  /** Copies a link that opens the trace at this step. */
  copyLink: 'hindstep.copyLink',
  /** Writes the trace in another format. */
  exportTrace: 'hindstep.exportTrace',
  /** Writes what was judged of the trace, for other programs. */
  exportVerdicts: 'hindstep.exportVerdicts',
  /** Lays the run in view beside another one. */
  compare: 'hindstep.compare',
  /** Changes the step in view and lets an agent go on from it. */
  fork: 'hindstep.fork',
  /** Makes a fixture anew from its trace, or smaller, and proves it again. */
  rerecordFixture: 'hindstep.rerecordFixture',
  shrinkFixture: 'hindstep.shrinkFixture',
  /** Begins a custom evaluator. */
  newEvaluator: 'hindstep.newEvaluator',
  /** Makes a policy rule, a check and a test of the step in view. */
  generateGuardrail: 'hindstep.generateGuardrail',
  /** Has the run in view judged by a model on this computer. */
  judge: 'hindstep.judge',
  /** Has it judged by one of VS Code's language models. */
  judgeWithEditorModel: 'hindstep.judgeWithEditorModel',
} as const;

export const SETTINGS = {
  section: 'hindstep',
  stopAtFailures: 'stopAtFailures',
  testsFolder: 'testsFolder',
  evaluatorsFolder: 'evaluatorsFolder',
  judgeEndpoint: 'judge.endpoint',
  judgeModel: 'judge.model',
  judgeOtherHosts: 'judge.otherHosts',
  judgeEditorModels: 'judge.editorModels',
} as const;

/** Keys of `workspaceState` and `globalState`. */
export const STATE = { breakpoints: 'hindstep.breakpoints' } as const;

export const WALKTHROUGH = 'hindstep.start';

/**
 * When the view's keys are the view's. `activeCustomEditorId` stays set while another part of the window has the
 * focus, so each part in which F-keys or letters mean something else is excluded.
 */
export const VIEW_HAS_KEYS =
  'activeCustomEditorId =~ /^hindstep\\./ && !inDebugMode && !sideBarFocus && !auxiliaryBarFocus && !panelFocus && !terminalFocus';

/** When the view's commands make sense at all. */
export const VIEW_IS_ACTIVE = 'activeCustomEditorId =~ /^hindstep\\./';
