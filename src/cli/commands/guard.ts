import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY_FILE } from '../../core/evaluators/policy/readPolicy.ts';
import { messageOf } from '../../core/util/result.ts';
import { type AuditLog, fileAudit, NO_AUDIT } from '../../node/guard/auditLog.ts';
import { guardPolicy } from '../../node/guard/guardPolicy.ts';
import { guardProxy } from '../../node/guard/guardProxy.ts';
import { startServer } from '../../node/guard/serverProcess.ts';
import { readUndoList } from '../../node/guard/undoList.ts';
import { findPolicy, repositoryOf } from '../../node/judgement/policyFile.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';

export const guard: Command = {
  name: 'guard',
  summary: 'Stands before an MCP server and lets through only what the policy allows; asks a person where it says so.',
  options: [
    {
      name: 'policy',
      value: 'FILE',
      words: `what is allowed (default: the nearest ${POLICY_FILE} from here up to the repository)`,
    },
    { name: 'audit', value: 'FILE', words: 'appends each call, what was decided and what came of it, as JSON Lines' },
    { name: 'approve', value: 'TOOLS', words: 'calls of these tools (by commas) are approved for this session' },
    { name: 'undo', value: 'FILE', words: 'says what would undo the calls of an audit log; undoes nothing' },
  ],
  teaches: [
    'hindstep guard --policy hindstep.policy.json --audit calls.jsonl -- npx -y some-mcp-server',
    'hindstep guard --approve cancel_order -- python server.py',
    'hindstep guard --undo calls.jsonl',
    '',
    'Put it into the configuration of the agent in place of the server: it speaks MCP over standard input and output.',
    'A call that the policy forbids never reaches the server; the agent is told why. One that needs approval is put to',
    'the person by the client (elicitation), and is refused where the client can not ask.',
    'Exit code: 0 the client ended the session, 1 the server failed, 2 could not begin.',
  ],
  run: async (args, output) => {
    const undo = args.text('undo');
    if (undo !== undefined) return sayUndo(undo, args, output);
    const [program, ...theirs] = args.command;
    if (program === undefined) return refuse(output, 'Name the command of the server after --.');
    const path = args.text('policy') ?? nearestPolicy();
    if (path === undefined) return refuse(output, `There is no ${POLICY_FILE} here; name a policy with --policy.`);
    if (!existsSync(path)) return refuse(output, `There is no file ${path}; --policy names a policy.`);
    const read = await guardPolicy(path);
    if ('problems' in read) {
      for (const problem of read.problems) output.error(problem);
      return refuse(output, 'Nothing was started: a policy that is not understood as a whole guards nothing.');
    }
    const audit = openAudit(args.text('audit'));
    if (typeof audit === 'string') return refuse(output, audit);
    // Elsewhere the process ends with its reader. Here calls may be on their way, whose end belongs into the log.
    process.stdout.removeAllListeners('error');
    try {
      const end = await guardProxy({
        policy: read.policy,
        approved: (args.text('approve') ?? '')
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
        audit,
        client: { input: process.stdin, output: process.stdout },
        server: startServer([program, ...theirs]),
        say: output.error,
        signal: output.signal,
      });
      // What is still open of the client's side must not keep us.
      process.stdin.destroy();
      return end === 'server failed' ? 1 : 0;
    } finally {
      audit.close();
    }
  },
};

function nearestPolicy(): string | undefined {
  const here = join(process.cwd(), POLICY_FILE);
  return findPolicy(here, [repositoryOf(here) ?? process.cwd()]);
}

function openAudit(path: string | undefined): AuditLog | string {
  if (path === undefined) return NO_AUDIT;
  try {
    return fileAudit(path);
  } catch (thrown) {
    return `The audit log can't be opened: ${messageOf(thrown)}`;
  }
}

async function sayUndo(path: string, args: Arguments, output: Output): Promise<ExitCode> {
  const list = await readUndoList(path);
  if (!list.ok) return refuse(output, list.error);
  const { undoable, unknown } = list.value;
  if (args.json) {
    output.out(JSON.stringify(list.value));
    return 0;
  }
  if (undoable.length === 0) output.out('Nothing on record has a known way back.');
  for (const { time, tool, undo } of undoable) {
    const missing = undo.missing === undefined ? '' : `, and needs ${undo.missing.join(', ')}`;
    output.out(`${undo.tool} ${JSON.stringify(undo.arguments)}  (undoes ${tool} of ${time}${missing})`);
  }
  for (const tool of unknown) output.out(`Look at ${tool}: no answer came, so nobody knows whether it took effect.`);
  return 0;
}

function refuse(output: Output, sentence: string): ExitCode {
  output.error(sentence);
  return 2;
}
