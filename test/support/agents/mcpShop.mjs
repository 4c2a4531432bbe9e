// A shop as an MCP server. `node mcpShop.mjs LOG` appends each call that reaches it, and the id of a child that it leaves running.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

const [, , log] = process.argv;
const note = (line) => appendFileSync(log, `${JSON.stringify(line)}\n`);
const text = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
const order = { type: 'object', properties: { order_id: { type: 'string' } }, required: ['order_id'] };
const tool = (name, inputSchema = order, annotations = {}) => ({ name, description: `${name}.`, inputSchema, annotations });

const server = new Server(
  { name: 'shop', version: '1' },
  { capabilities: { tools: {}, resources: {}, prompts: {}, logging: {} } },
);
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [
    tool('get_order', order, { readOnlyHint: true }),
    tool('create_order', { type: 'object', properties: { sku: { type: 'string' } } }),
    tool('cancel_order'),
    tool('send_mail', { type: 'object' }),
    tool('slow', { type: 'object' }, { readOnlyHint: true }),
    tool('huge', { type: 'object' }, { readOnlyHint: true }),
    tool('crash', { type: 'object' }, { readOnlyHint: true }),
  ],
}));
server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args, _meta } }, extra) => {
  note({ tool: name, arguments: args });
  if (name === 'create_order') return text({ order_id: 'A-7' });
  if (name === 'huge') return { content: [{ type: 'text', text: 'x'.repeat(args.length) }] };
  if (name === 'crash') process.exit(3);
  if (name === 'slow') {
    extra.signal.addEventListener('abort', () => note('cancelled'));
    const progress = { progressToken: _meta?.progressToken, progress: 1, total: 2 };
    if (_meta?.progressToken !== undefined) await extra.sendNotification({ method: 'notifications/progress', params: progress });
    await new Promise((resolve) => setTimeout(resolve, args.ms));
  }
  return { ...text({ done: name, ...args }), structuredContent: { big: 1e21, ünï: '✓' }, _meta: { own: true } };
});
server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [{ uri: 'shop://a', name: 'a' }] }));
server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({ contents: [{ uri: params.uri, text: 'hello' }] }));
server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [{ name: 'p' }] }));
server.setRequestHandler(GetPromptRequestSchema, () => ({
  messages: [{ role: 'user', content: { type: 'text', text: 'Hi.' } }],
}));
note({ child: spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true }).pid });
await server.connect(new StdioServerTransport());
