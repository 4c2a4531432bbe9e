import type { Action, ContentPart, Step } from '../../trace/model.ts';
import { digestOf } from '../../util/digest.ts';
import { asFilledText, asText, type Json } from '../../util/json.ts';
import { observationText } from './actions.ts';
import { bareToolName, wordsOfName } from './toolNames.ts';

/** What a user-interface action does: point at something, enter text, press keys, choose, scroll, drag, or go elsewhere. */
export type Gesture = 'point' | 'enter' | 'key' | 'choose' | 'scroll' | 'drag' | 'go';

/** A user-interface action as far as it is recorded. */
export interface UiAction {
  readonly gesture: Gesture;
  /** How its target is known: by an element, only by where it lies or what kind it is, or not at all. */
  readonly target: 'element' | 'vague' | 'none';
  /** The id by which it names its element in the page's tree: `a251` for `[a251]`. */
  readonly elementId?: string;
  /** Whether the text, keys or choice that it needs are recorded. */
  readonly hasValue: boolean;
}

const GESTURES: Readonly<Record<string, Gesture>> = {
  click: 'point',
  dblclick: 'point',
  doubleclick: 'point',
  rightclick: 'point',
  leftclick: 'point',
  tap: 'point',
  hover: 'point',
  type: 'enter',
  fill: 'enter',
  input: 'enter',
  press: 'key',
  key: 'key',
  keyboard: 'key',
  keypress: 'key',
  hotkey: 'key',
  select: 'choose',
  scroll: 'scroll',
  drag: 'drag',
  goto: 'go',
  go: 'go',
  navigate: 'go',
};
/** Words of tools that act on screens, so that `type` and `select` mean gestures. */
const SCREEN_TOOL = new Set(
  'browser computer screen page mouse keyboard element gui desktop app window option text'.split(' '),
);
const ELEMENT_KEY =
  /^(?:bid|ref|uid|index|element(?:_?(?:id|index|description|name|label))?|selector|xpath|css|locator|label|target|node_?id|control_?\w*|query|role|highlight_?index)$/i;
/** What is clicked can be named by its words; what is typed can not. */
const POINTED_KEY = /^(?:text|name|title|description|link\w*|button_?(?:text|name))$/i;
const PLACE_KEY =
  /^(?:coordinates?|x|y|x1|start(?:_?(?:x|coordinate|box))?|position|path|box|point|from|to|start_?point)$/i;
const VALUE_KEY =
  /^(?:text|value|content|input|keys?|key_?comb\w*|combination|hotkey|option\w*|values?|label|text_?to_?type|chars?|query|string)$/i;
const ID_KEY = /^(?:bid|ref|uid|element_?id|node_?id)$/i;

/** The user-interface action that a call is, or undefined for calls of other tools. */
export function uiActionOf(action: Action, step: Step): UiAction | undefined {
  const words = wordsOfName(bareToolName(action.tool));
  const kind = asText(action.arguments.action) ?? asText(action.arguments.type);
  const driven = words.some((word) => word === 'computer' || word === 'browser') && kind !== undefined;
  const named = driven ? wordsOfName(kind ?? '') : words;
  // The verb stands first or last: `click_input`, `web_browser_click`, but not `get_click_rate`.
  const word = [named[0], named.at(-1)].find((one) => one !== undefined && Object.hasOwn(GESTURES, one));
  const gesture = word === undefined ? undefined : GESTURES[word];
  if (gesture === undefined) return undefined;
  const entries = Object.entries(action.arguments);
  const keys = gesture === 'point' ? POINTED_KEY : ELEMENT_KEY;
  const byElement = entries.some(([key, value]) => (keys.test(key) || ELEMENT_KEY.test(key)) && isFilled(value));
  const byPlace = entries.some(([key, value]) => PLACE_KEY.test(key) && isFilled(value));
  const { element, role, x } = action.target ?? {};
  const pointing = gesture === 'point' || gesture === 'drag';
  const onScreen = pointing || step.screen !== undefined || action.target !== undefined || driven || byPlace;
  if (!onScreen && !words.some((one) => SCREEN_TOOL.has(one)) && !entries.some(([key]) => ID_KEY.test(key)))
    return undefined;
  const idEntry = entries.find(([key, value]) => ID_KEY.test(key) && isFilled(value));
  const elementId = idEntry === undefined ? /\[([\w.-]+)\]$/.exec(element ?? '')?.[1] : String(idEntry[1]);
  return {
    gesture,
    target:
      element !== undefined || byElement
        ? 'element'
        : byPlace || x !== undefined || role !== undefined
          ? 'vague'
          : 'none',
    ...(elementId !== undefined && { elementId }),
    // An empty text clears a field.
    hasValue: entries.some(([key]) => VALUE_KEY.test(key)) || action.rawArguments !== undefined,
  };
}

function isFilled(value: Json): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Labels of elements in a page's tree: `[a251] button "Save"`. */
const LABEL = /\[([A-Za-z]*\d+)\]/g;
const FEWEST_LABELS = 5;

/** What can be seen of a screen: which elements stand in its tree, and a digest by which two of a kind can be compared. */
export interface SeenScreen {
  readonly step: number;
  readonly ids?: ReadonlySet<string>;
  readonly digest: string;
}

/** The screen that the agent saw when it decided, where its picture is in the trace. */
export function screenOf(step: Step): SeenScreen | undefined {
  const data = dataOf(step.screen);
  return data === undefined ? undefined : { step: step.index, digest: `picture ${digestOf(data)}` };
}

/** The screen that an action got back: a tree with labelled elements, else a picture. */
export function answeredScreen(action: Action, step: Step): SeenScreen | undefined {
  const text = observationText(action);
  const ids = new Set<string>();
  if (text.includes('[')) for (const [, id = ''] of text.slice(0, 400_000).matchAll(LABEL)) ids.add(id);
  if (ids.size >= FEWEST_LABELS) return { step: step.index, ids, digest: `tree ${digestOf(text)}` };
  const data = action.observation?.content.map(dataOf).find((one) => one !== undefined);
  return data === undefined ? undefined : { step: step.index, digest: `picture ${digestOf(data)}` };
}

/** Whether an action got back anything of a screen, be it only the name of a picture's file. */
export function showsScreen(action: Action): boolean {
  return action.observation?.content.some(({ type }) => type === 'image') ?? false;
}

function dataOf(part: ContentPart | undefined): string | undefined {
  return part?.type === 'image' ? asFilledText(part.data) : undefined;
}
