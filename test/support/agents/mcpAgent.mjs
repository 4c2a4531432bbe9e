// An agent as people have them: it lists the tools of an MCP server, asks a chat model what to do, calls the tools that the
// model asks for, and prints the model's last words. `node mcpAgent.mjs MCP_URL MODEL_URL GOAL`
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [, , mcpUrl = '', modelUrl = '', goal = ''] = process.argv;
const client = new Client({ name: 'agent', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl)));
const { tools } = await client.listTools();
const messages = [{ role: 'user', content: goal }];
for (let turn = 0; turn < 20; turn++) {
  const response = await fetch(`${modelUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'stub',
      messages,
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: { name, description, parameters: inputSchema },
      })),
    }),
  });
  const { message } = (await response.json()).choices[0];
  messages.push(message);
  if (!message.tool_calls?.length) {
    console.log(message.content);
    break;
  }
  for (const { id, function: asked } of message.tool_calls) {
    const result = await client.callTool({ name: asked.name, arguments: JSON.parse(asked.arguments) });
    messages.push({ role: 'tool', tool_call_id: id, content: result.content.map(({ text }) => text).join('\n') });
  }
}
await client.close();
