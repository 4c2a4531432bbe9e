import { findCredentials } from '../../redact/findSecrets.ts';
import type { Action, ToolDeclaration } from '../../trace/model.ts';
import { field } from '../../util/json.ts';
import { leavesOf } from '../../util/pointer.ts';
import { commandsOf, shellCommandOf } from './shell.ts';
import { bareToolName, wordsOfName } from './toolNames.ts';

/** A credential in what a call gives out. The credential itself is never said. */
export interface SentSecret {
  /** JSON pointer into the arguments. */
  readonly pointer: string;
  /** `API_KEY`, `PASSWORD`. */
  readonly kind: string;
  /** True for the shape of a known service's key; false where only a name beside it says that it is one. */
  readonly certain: boolean;
}

const OUTWARD = new Set('send email mail post tweet publish webhook slack http upload share comment'.split(' '));
const PEOPLE = /^(?:user|human|customer|person)s?$/;
/** Where a credential belongs: it opens the door of the tool that gets it. */
const ITS_PLACE = /auth|token|api_?key|password|passwd|secret|credential|cookie|header|bearer|login|user/i;

/**
 * Whether a tool reaches beyond the team's own systems: the policy says so, its annotation does (MCP `openWorldHint`),
 * or it sends things by name. Talking to the user is not.
 */
export function isOpenWorld(
  action: Action,
  ruled: boolean | undefined,
  declaration: ToolDeclaration | undefined,
): boolean {
  if (ruled !== undefined) return ruled;
  const hint = field(declaration?.annotations, 'openWorldHint');
  if (typeof hint === 'boolean') return hint;
  const line = shellCommandOf(action);
  if (line !== undefined) return sendsData(line);
  const words = wordsOfName(bareToolName(action.tool));
  return words.some((word) => OUTWARD.has(word)) && !words.some((word) => PEOPLE.test(word));
}

/** A shell line that sends a body to somebody: `curl -d …`, `curl -F …`, `wget --post-data`. */
function sendsData(line: string): boolean {
  return commandsOf(line).some(
    ({ words: [program = '', ...rest] }) =>
      /^(?:curl|wget|http|https)$/.test(program) &&
      rest.some((word) => /^(?:-d|-F|-T|--data\S*|--form\S*|--upload-file|--post-(?:data|file)\S*)/.test(word)) &&
      !rest.some((word) => /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(word)),
  );
}

/** Credentials in the arguments of a call, but for arguments in which one belongs (`authorization`, `api_key`). */
export function sentSecrets(action: Action): SentSecret[] {
  const isShell = shellCommandOf(action) !== undefined;
  return [...leavesOf(action.arguments)].flatMap(({ pointer, value }): SentSecret[] => {
    if (typeof value !== 'string' || ITS_PLACE.test(pointer)) return [];
    // A shell's call carries its own key in a header; that goes to whom it is for.
    const found = findCredentials(value.slice(0, 20_000)).filter(({ rule, start }) => {
      if (
        isShell &&
        /(?:-H|--header|-u|--user|authorization|bearer|api[-_]?key)\W{0,12}\S{0,40}$/i.test(
          value.slice(Math.max(0, start - 60), start),
        )
      ) {
        return false;
      }
      return rule === 'known-key' || rule === 'private-key' || (rule === 'field-name' && !isShell);
    });
    const [first] = found.sort((a, b) => Number(a.rule === 'field-name') - Number(b.rule === 'field-name'));
    return first === undefined ? [] : [{ pointer, kind: first.kind, certain: first.rule !== 'field-name' }];
  });
}
