import { chunksOf, hashOfToken } from '../provenance/tokens.ts';
import type { Action, Approval, Step } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { canonicalJson } from '../util/canonical.ts';
import { ownText } from '../util/ownText.ts';
import { observationText } from './shared/actions.ts';
import { type TargetValue, targetsOf } from './shared/identity.ts';
import { namesAnother, proposes } from './shared/proposals.ts';
import { bareToolName, wordsOfName } from './shared/toolNames.ts';
import { cut } from './shared/wording.ts';
import type { StepPlace } from './verdict.ts';

/** What the trace says about a person's consent to one call. */
export type Consent =
  /** A recorded decision, or the user's yes after the agent named the target. */
  | { readonly kind: 'approved'; readonly place: StepPlace }
  /** The user's yes to such a deed, proposed without naming the target, where no other target was named either. */
  | { readonly kind: 'agreed'; readonly place: StepPlace }
  /** The user asked for this very target in their own words, but was not asked back. */
  | { readonly kind: 'requested'; readonly place: StepPlace }
  | { readonly kind: 'auto'; readonly place: StepPlace }
  | { readonly kind: 'rejected'; readonly place: StepPlace }
  /** Approved with other arguments than were executed. */
  | { readonly kind: 'altered'; readonly place: StepPlace; readonly approved: string }
  | { readonly kind: 'none'; readonly lastUser?: StepPlace };

/** What was said in one message: tokens for naming, and a few words to quote. */
interface Said {
  readonly step: number;
  readonly tokens: ReadonlySet<number>;
  readonly quote: string;
  /** Its first characters, for what is told by words. */
  readonly start: string;
}

/** What was read about a target: its hash, and the answer, whose identifiers are looked up once they are asked for. */
interface Read {
  readonly target: number;
  readonly text: string;
  details: ReadonlySet<number> | undefined;
}

/** Characters of a message or answer that are looked at. */
const LOOKED_AT = 20_000;
/** Characters of a message in which a proposal is looked for. */
const PROPOSAL = 4000;
/** Agent messages back from the user's yes that count as what the yes was to. */
const ASKED_BACK = 2;
/** Identifiers of a target's record that a message must share with it to be about that target. */
const DETAILS = 2;
/** Reads that are remembered. */
const READ = 60;
/** User messages that are remembered, the first and the latest. */
const USER_MESSAGES = 40;

/**
 * Collects consent as steps pass by: approvals in the trace, in a step of their own or on a call, and approval in
 * conversation (the agent named the target, then the user agreed). One yes covers every later call whose target was
 * named, until the user speaks again. Ask before adding the step.
 */
export class ApprovalLog {
  private decision: { readonly approval: Approval; readonly step: number } | undefined;
  private readonly agentSaid: Said[] = [];
  private readonly userSaid: Said[] = [];
  private agreed: { readonly said: Said; readonly to: readonly Said[] } | undefined;
  /** True once the trace shows that somebody could have been asked: a recorded approval, or a user who speaks again. */
  channel = false;
  private agentActed = false;
  /** What was read about targets, earliest first. */
  private readonly read: Read[] = [];

  add(step: Step): void {
    if (step.approval !== undefined && step.actions.length === 0) {
      this.decision = { approval: step.approval, step: step.index };
    }
    if (step.approval !== undefined || step.actions.some((action) => action.approval !== undefined))
      this.channel = true;
    const text = step.message === undefined ? '' : partsText(step.message);
    if (step.kind === 'user') this.user(step.index, text);
    else if (step.kind !== 'system') {
      this.agentActed = true;
      const asked = step.actions.map(questionOf).filter((question) => question !== undefined);
      const spoken = [text, ...asked].join('\n');
      if (spoken.trim() !== '') this.agent(step.index, spoken);
      for (const action of step.actions) this.remember(action);
      // An answer to `ask_user` is the user speaking.
      for (const action of step.actions) {
        if (questionOf(action) !== undefined && action.observation !== undefined) {
          this.user(step.index, partsText(action.observation.content));
        }
      }
    }
  }

  /** The consent to a call. `step` is the step that makes it. */
  consentTo(step: Step, action: Action): Consent {
    const own = action.approval ?? step.approval;
    if (own !== undefined) return recorded(own, action, step.index) ?? this.inConversation(action);
    if (this.decision !== undefined) {
      const { approval, step: at } = this.decision;
      const known = recorded(approval, action, at);
      if (known !== undefined) return known;
    }
    return this.inConversation(action);
  }

  private inConversation(action: Action): Consent {
    const targets = targetsOf(action);
    const [first] = targets;
    // The thing itself must be named; of many details most will do.
    const names = (said: readonly Said[]) => {
      if (first === undefined) return wordsNamed(action, said);
      const details = targets.slice(0, 6);
      const enough = Math.max(2, Math.ceil(details.length / 2));
      return said.some(({ tokens }) => {
        if (holds(tokens, first) || this.describes(tokens, first.hash)) return true;
        return details.filter((target) => holds(tokens, target)).length >= enough;
      });
    };
    const last = this.userSaid.at(-1);
    if (this.agreed !== undefined) {
      const { said, to } = this.agreed;
      if (names([...to, said]))
        return { kind: 'approved', place: { step: said.step, pointer: '/message', quote: said.quote } };
      const about = [...to.map(({ start }) => start), said.start].join('\n');
      if (first !== undefined && proposes(about, action.tool) && !namesAnother(about, first.text))
        return { kind: 'agreed', place: { step: said.step, pointer: '/message', quote: said.quote } };
    }
    const asked = this.userSaid.find(
      (said) => first !== undefined && (holds(said.tokens, first) || this.describes(said.tokens, first.hash)),
    );
    if (asked !== undefined) {
      return { kind: 'requested', place: { step: asked.step, pointer: '/message', quote: asked.quote } };
    }
    if (last === undefined) return { kind: 'none' };
    return { kind: 'none', lastUser: { step: last.step, pointer: '/message', quote: last.quote } };
  }

  /** A target may be named by what was read about it: "the flight HAT130 on May 17" for the reservation that holds it. */
  private describes(tokens: ReadonlySet<number>, target: number): boolean {
    const known = this.read.findLast((entry) => entry.target === target);
    if (known === undefined) return false;
    let shared = 0;
    known.details ??= detailsOf(known.text);
    for (const detail of known.details) if (tokens.has(detail)) shared++;
    return shared >= DETAILS;
  }

  private remember(action: Action): void {
    const [first] = targetsOf(action);
    if (first === undefined || action.observation === undefined) return;
    const text = observationText(action);
    const own = text.length > 5 * LOOKED_AT ? ownText(text, 0, LOOKED_AT) : text;
    this.read.push({ target: first.hash, text: own, details: undefined });
    if (this.read.length > READ) this.read.shift();
  }

  private user(step: number, text: string): void {
    // A sub-agent's answer is handed back in the user's role; whoever repeats the agent word for word is no person.
    const before = this.agentSaid.at(-1)?.quote ?? '';
    if (before.length > 15 && cut(text, 400).includes(before)) return;
    if (this.agentActed) this.channel = true;
    const said = saidOf(step, text);
    if (this.userSaid.length >= USER_MESSAGES) this.userSaid.splice(1, 1);
    this.userSaid.push(said);
    this.decision = undefined;
    const to = this.agentSaid.slice(-ASKED_BACK);
    this.agreed = agrees(text) && to.length > 0 ? { said, to } : undefined;
  }

  private agent(step: number, text: string): void {
    this.agentSaid.push(saidOf(step, text));
    if (this.agentSaid.length > ASKED_BACK) this.agentSaid.shift();
  }
}

function recorded(approval: Approval, action: Action, step: number): Consent | undefined {
  const place: StepPlace = {
    step,
    pointer: '',
    quote: cut([approval.decision, approval.by && `by ${approval.by}`, approval.feedback].filter(Boolean).join(' ')),
  };
  const { arguments: approved } = approval;
  const differs = approved !== undefined && canonicalJson(approved) !== canonicalJson(action.arguments);
  switch (approval.decision) {
    case 'approved':
    case 'modified':
      if (approved !== undefined && differs) return { kind: 'altered', place, approved: cut(canonicalJson(approved)) };
      return { kind: 'approved', place };
    case 'rejected':
      return { kind: 'rejected', place };
    case 'auto':
      return { kind: 'auto', place };
    case 'requested':
      return undefined;
  }
}

/** The identifiers that an answer holds. */
function detailsOf(text: string): ReadonlySet<number> {
  const details = new Set<number>();
  for (const { atoms } of chunksOf(text.slice(0, LOOKED_AT))) {
    for (const { hash, length, hasDigit, hasLetter } of atoms) {
      if (hasDigit && hasLetter && length >= 4 && details.size < 200) details.add(hash);
    }
  }
  return details;
}

function saidOf(step: number, text: string): Said {
  const tokens = new Set<number>();
  for (const { hash, atoms } of chunksOf(text.slice(0, LOOKED_AT))) {
    tokens.add(hash);
    for (const atom of atoms) tokens.add(atom.hash);
  }
  return { step, tokens, quote: cut(text), start: ownText(text, 0, PROPOSAL) };
}

function holds(tokens: ReadonlySet<number>, { text, hash }: TargetValue): boolean {
  if (tokens.has(hash)) return true;
  // `gift_card_7773485` is named by its digits, a date by any way of writing: its longest part must stand there.
  const [longest] = (text.match(/[\p{L}\p{N}]+/gu) ?? []).sort(
    (a, b) => Number(/\d/.test(b)) - Number(/\d/.test(a)) || b.length - a.length,
  );
  return longest !== undefined && longest.length > 3 && tokens.has(hashOfToken(longest));
}

/** A call without identifying values is named by the words of its tool: "I'll empty the trash" for `empty_trash`. */
function wordsNamed(action: Action, said: readonly Said[]): boolean {
  const words = wordsOfName(bareToolName(action.tool)).filter((word) => word.length > 3);
  return words.length > 0 && said.some(({ tokens }) => words.every((word) => tokens.has(hashOfToken(word))));
}

const YES =
  /\b(?:yes|yeah|yep|yup|sure|ok(?:ay)?|go ahead|proceed|confirm(?:ed|s)?|approved?|please do|do (?:it|that|so)|sounds? (?:good|great|perfect)|that works|works for me|looks? (?:good|great|correct|right)|absolutely|definitely|i agree|correct|perfect|(?:that's|that is) (?:fine|right|good|great|correct|ok)|let'?s (?:do|go|book|proceed)|i(?:'d| would) like to (?:go|proceed|book)|make it so|lgtm)\b|^\s*y\s*$|👍/i;
const NO = /^\W*(?:no\b(?! problem)|nope|don'?t|do not|stop|wait|hold on|cancel that|not yet|never mind)/i;

/** True for a message that agrees to what was just proposed. */
export function agrees(text: string): boolean {
  const start = text.slice(0, 600);
  return !NO.test(start) && YES.test(start);
}

/** The question of a tool call that asks the user something. */
function questionOf(action: Action): string | undefined {
  const words = wordsOfName(bareToolName(action.tool));
  if (
    words[0] !== 'ask' &&
    !(words.includes('user') && words.some((word) => /^(?:ask|question|message|confirm|input|approval)$/.test(word)))
  ) {
    return undefined;
  }
  return JSON.stringify(action.arguments);
}
