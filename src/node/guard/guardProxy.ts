import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { GuardSession, isApproved } from '../../core/guard/guardSession.ts';
import { maskSecrets } from '../../core/redact/mask.ts';
import { at, field, isObject, type Json, type JsonObject } from '../../core/util/json.ts';
import { messageOf } from '../../core/util/result.ts';
import type { Approval, AuditLog } from './auditLog.ts';
import { LineSplitter } from './lineSplitter.ts';
import { asksPeople, errorLine, INVALID_PARAMS, lineOf, PARSE_ERROR, parsed, written } from './messages.ts';
import type { ServerProcess } from './serverProcess.ts';

// Stands between an MCP client and a server (stdio: one JSON-RPC message a line). What is no tool call goes through byte
// for byte, both ways, and so do calls that the policy allows and their answers. A line is never written anew: what the
// server gets is what the client sent.

export interface GuardOptions {
  readonly policy: Policy;
  /** Names of tools that a person approved for this session; `*` stands for any characters. */
  readonly approved: readonly string[];
  readonly audit: AuditLog;
  readonly client: { readonly input: Readable; readonly output: Writable };
  readonly server: ServerProcess;
  /** Says a sentence to people. */
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** The longest message, in bytes (default: 64 MB). */
  readonly longest?: number;
  /** How long a server may take to end after its client has, in ms (default: 2,000). */
  readonly grace?: number;
}

/** Why it is over: the client went, or the server ended by itself, well or not. */
export type GuardEnd = 'client' | 'server' | 'server failed';

/** Guards one session, until the client or the server ends it. Rejects never; the server does not outlive it. */
export async function guardProxy(options: GuardOptions): Promise<GuardEnd> {
  const proxy = new GuardProxy(options);
  return proxy.run();
}

const LONGEST = 64 * 1024 * 1024;
const GRACE = 2_000;
const SHOWN = 1000;

/** A call that the server has and has not answered. */
interface Made {
  readonly call: number;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly done: () => void;
}

class GuardProxy {
  private readonly session: GuardSession;
  /** By the JSON of their ids. */
  private readonly made = new Map<string, Made>();
  private readonly lists = new Set<string>();
  /** Calls that wait for a person, or for another call; what takes them back. */
  private readonly waiting = new Map<string, () => void>();
  /** Questions to the person, by our ids. */
  private readonly questions = new Map<string, (approval: Approval) => void>();
  /** The last call of each tool whose calls are counted. */
  private readonly counted = new Map<string, Promise<void>>();
  /** What goes on beside the reading of messages. */
  private readonly beside = new Set<Promise<void>>();
  private clientAsks = false;
  private calls = 0;
  private over = false;

  constructor(private readonly options: GuardOptions) {
    this.session = new GuardSession(options.policy);
  }

  async run(): Promise<GuardEnd> {
    const { client, server, signal, say, grace = GRACE } = this.options;
    const onAbort = () => server.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    const clientGone = new Promise<'client'>((resolve) => {
      const gone = () => resolve('client');
      client.output.once('error', gone).once('close', gone);
      void this.fromClient().then(gone, (thrown) => {
        say(`The client sent ${messageOf(thrown)}; the guard ends the session.`);
        gone();
      });
    });
    const answers = this.fromServer().catch((thrown: unknown) => {
      say(`The server sent ${messageOf(thrown)}; the guard ends it.`);
      server.kill();
    });
    const serverGone = server.ended.then(async (end) => {
      // Its last words may still be on their way; a grandchild that holds the pipe open must not keep us waiting.
      await Promise.race([answers, after(grace)]);
      return end;
    });
    const first = await Promise.race([clientGone, serverGone]);
    this.over = true;
    for (const takeBack of [...this.waiting.values()]) takeBack();
    if (first === 'client') {
      server.input.end();
      await Promise.race([serverGone, after(grace)]);
      server.kill();
    }
    const end = await serverGone;
    if (first !== 'client') {
      say(`The server ${end.words}.`);
    }
    for (const id of [...this.made.keys()]) {
      await this.settle(id, undefined);
      await this.toClient(errorLine(JSON.parse(id), `The server ${end.words}.`));
    }
    await Promise.all(this.beside);
    signal.removeEventListener('abort', onAbort);
    if (first === 'client') return 'client';
    return end.failed ? 'server failed' : 'server';
  }

  private async fromClient(): Promise<void> {
    const { client, longest = LONGEST } = this.options;
    const splitter = new LineSplitter(longest);
    for await (const chunk of client.input) {
      for (const line of splitter.push(chunk as Buffer)) await this.clientLine(line);
    }
    const rest = splitter.rest();
    if (rest.length > 0) await this.clientLine(rest);
  }

  private async clientLine(line: Buffer): Promise<void> {
    const text = line.toString('utf8').trim();
    if (text === '') return;
    const message = parsed(text);
    if (message === undefined) {
      // What can't be read can't be judged, and a server might read it after all.
      await this.toClient(errorLine(null, 'This is no JSON; the guard did not pass it on.', PARSE_ERROR));
    } else if (Array.isArray(message)) {
      for (const one of message) await this.clientMessage(one, Buffer.from(`${JSON.stringify(one)}\n`));
    } else await this.clientMessage(message, line);
  }

  private async clientMessage(message: Json, line: Buffer): Promise<void> {
    const [method, id] = [field(message, 'method'), field(message, 'id')];
    const key = JSON.stringify(id ?? null);
    const question = method === undefined && typeof id === 'string' ? this.questions.get(id) : undefined;
    if (question !== undefined) {
      const action = at(message, 'result', 'action');
      question(action === 'accept' ? 'accepted' : action === 'decline' ? 'declined' : 'cancelled');
      return;
    }
    if (method === 'tools/call') {
      await this.toolCall(message, line);
      return;
    }
    if (method === 'notifications/cancelled') {
      const cancelled = JSON.stringify(at(message, 'params', 'requestId') ?? null);
      const takeBack = this.waiting.get(cancelled);
      if (takeBack !== undefined) {
        takeBack();
        return;
      }
      await this.toServer(line);
      // The server need not answer any more, and may have done it all the same.
      if (this.made.has(cancelled)) await this.settle(cancelled, undefined);
      return;
    }
    if (method === 'initialize') this.clientAsks = asksPeople(at(message, 'params', 'capabilities', 'elicitation'));
    if (method === 'tools/list') this.lists.add(key);
    await this.toServer(line);
  }

  private async toolCall(message: Json, line: Buffer): Promise<void> {
    const [id, tool] = [field(message, 'id'), at(message, 'params', 'name')];
    const given = at(message, 'params', 'arguments') ?? {};
    if ((typeof id !== 'string' && typeof id !== 'number') || typeof tool !== 'string' || !isObject(given)) {
      const call = ++this.calls;
      const name = typeof tool === 'string' ? tool : '';
      const reason = 'A tool call needs an id, the name of a tool and an object of arguments.';
      const refused = { call, tool: name, arguments: {}, decision: 'refuse', reason } as const;
      await this.record({ event: 'call', ...refused });
      await this.record({ event: 'result', call, tool: name, result: 'not called' });
      if (id !== undefined) await this.toClient(errorLine(id, reason, INVALID_PARAMS));
      return;
    }
    const key = JSON.stringify(id);
    if (this.made.has(key) || this.waiting.has(key)) {
      await this.toClient(errorLine(id, 'A call with this id is under way.', INVALID_PARAMS));
      return;
    }
    const call: Call = { number: ++this.calls, id, key, tool, arguments: given, line };
    const before = this.counted.get(tool);
    if (!this.session.isCounted(tool)) await this.judge(call, () => undefined);
    else {
      let done = () => {};
      this.counted.set(tool, new Promise((resolve) => (done = resolve)));
      if (before === undefined) await this.judge(call, done);
      else this.aside(this.judgeAfter(before, call, done));
    }
  }

  /** Only when the calls before it have ended is it known how many have succeeded. */
  private async judgeAfter(before: Promise<void>, call: Call, done: () => void): Promise<void> {
    const takenBack = new Promise<'taken back'>((resolve) => this.waiting.set(call.key, () => resolve('taken back')));
    const outcome = await Promise.race([before, takenBack]);
    this.waiting.delete(call.key);
    if (outcome !== 'taken back') return this.judge(call, done);
    // The next one still waits for those before.
    void before.then(done);
    await this.refuse(call, 'The call was taken back before it was made.', 'refuse');
  }

  private async judge(call: Call, done: () => void): Promise<void> {
    const { number, tool, arguments: args } = call;
    const decision = this.session.decide(tool, args);
    if (decision.kind === 'refuse') {
      done();
      await this.refuse(call, decision.reason, 'refuse');
      return;
    }
    const noted = await this.record({
      event: 'call',
      call: number,
      tool,
      arguments: args,
      decision: decision.kind,
      ...(decision.kind === 'ask' && { reason: decision.reason }),
    });
    if (!noted) {
      done();
      await this.answer(call, NOT_RECORDED);
    } else if (decision.kind === 'allow') await this.make(call, done);
    else if (isApproved(this.options.approved, tool)) await this.approved(call, '--approve', decision.reason, done);
    else if (!this.clientAsks) await this.approved(call, 'could not be asked', decision.reason, done);
    else this.aside(this.ask(call, decision.reason).then((said) => this.approved(call, said, decision.reason, done)));
  }

  /** Asks the person through the client (MCP's elicitation). */
  private async ask(call: Call, reason: string): Promise<Approval> {
    const id = `hindstep-guard-${randomUUID()}`;
    const shown = JSON.stringify(maskSecrets(call.arguments));
    const what = shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
    const said = new Promise<Approval>((resolve) => {
      this.questions.set(id, resolve);
      this.waiting.set(call.key, () => resolve('cancelled'));
    });
    const params = {
      message: `${reason} Shall ${call.tool} be called? ${what}`,
      requestedSchema: { type: 'object', properties: {} },
    };
    await this.toClient(lineOf({ jsonrpc: '2.0', id, method: 'elicitation/create', params }));
    const approval = await said;
    this.questions.delete(id);
    this.waiting.delete(call.key);
    return approval;
  }

  private async approved(call: Call, approval: Approval, reason: string, done: () => void): Promise<void> {
    const { number, tool } = call;
    const noted = await this.record({ event: 'approval', call: number, tool, approval });
    if (noted && !this.over && (approval === 'accepted' || approval === '--approve')) {
      await this.make(call, done);
      return;
    }
    done();
    await this.record({ event: 'result', call: number, tool, result: 'not called' });
    await this.answer(
      call,
      noted ? `${reason} ${WHY_NOT[approval]} ${howToApprove(approval, tool)}`.trim() : NOT_RECORDED,
    );
  }

  private async make({ number, key, tool, arguments: args, line }: Call, done: () => void): Promise<void> {
    this.made.set(key, { call: number, tool, arguments: args, done });
    await this.toServer(line);
  }

  private async refuse(call: Call, reason: string, decision: 'refuse'): Promise<void> {
    const { number, tool, arguments: args } = call;
    await this.record({ event: 'call', call: number, tool, arguments: args, decision, reason });
    await this.record({ event: 'result', call: number, tool, result: 'not called' });
    await this.answer(call, `${reason} The call was not made.`);
  }

  private async fromServer(): Promise<void> {
    const { server, longest = LONGEST } = this.options;
    const splitter = new LineSplitter(longest);
    for await (const chunk of server.output) {
      for (const line of splitter.push(chunk as Buffer)) await this.serverLine(line);
    }
    const rest = splitter.rest();
    if (rest.length > 0) await this.serverLine(rest);
  }

  private async serverLine(line: Buffer): Promise<void> {
    // Most of what is long is the answer of a call, and only those and lists are looked into.
    if (this.made.size > 0 || this.lists.size > 0) {
      const message = parsed(line.toString('utf8'));
      for (const one of Array.isArray(message) ? message : [message]) await this.noteAnswer(one);
    }
    await this.toClient(line);
  }

  private async noteAnswer(message: Json | undefined): Promise<void> {
    const id = field(message, 'id');
    if (id === undefined || field(message, 'method') !== undefined) return;
    const key = JSON.stringify(id);
    const result = field(message, 'result');
    if (this.lists.delete(key)) this.session.declare(result);
    else if (this.made.has(key)) await this.settle(key, result ?? 'error');
  }

  private async settle(key: string, answer: Json | 'error' | undefined): Promise<void> {
    const made = this.made.get(key);
    if (made === undefined) return;
    this.made.delete(key);
    const { call, tool, done } = made;
    const settled = this.session.settle(tool, made.arguments, answer);
    done();
    await this.record({ event: 'result', call, tool, ...settled });
  }

  /** False when it could not be written, which is said. */
  private async record(entry: Parameters<AuditLog['write']>[0]): Promise<boolean> {
    try {
      await this.options.audit.write(entry);
      return true;
    } catch (thrown) {
      this.options.say(`The audit log can't be written: ${messageOf(thrown)}`);
      return false;
    }
  }

  /** Says to the model why its call was not made. */
  private answer({ id }: Call, text: string): Promise<void> {
    return this.toClient(lineOf({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], isError: true } }));
  }

  private toClient(line: Buffer): Promise<void> {
    return written(this.options.client.output, line);
  }

  private toServer(line: Buffer): Promise<void> {
    return written(this.options.server.input, line);
  }

  private aside(work: Promise<void>): void {
    const settled = work.finally(() => this.beside.delete(settled));
    this.beside.add(settled);
  }
}

interface Call {
  /** Counted from 1. */
  readonly number: number;
  readonly id: string | number;
  readonly key: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly line: Buffer;
}

const NOT_RECORDED = 'The call was not made: its audit log can not be written.';

const WHY_NOT: Readonly<Record<Approval, string>> = {
  accepted: 'The session ended before the call was made.',
  '--approve': 'The session ended before the call was made.',
  declined: 'A person declined the call; it was not made.',
  cancelled: 'Nobody approved the call; it was not made.',
  'could not be asked': 'This client can not ask a person, so the call was not made.',
};

function howToApprove(approval: Approval, tool: string): string {
  if (approval !== 'could not be asked') return '';
  return `A person can approve it for a session by starting the guard with --approve ${tool}, or for good by "requiresApproval": false for it in the policy.`;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
