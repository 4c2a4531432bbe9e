import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The page of a debugger: an empty body, our script and styles, and a policy under which nothing else runs or loads.
 * No word of a trace is ever put into it; data comes by message.
 */
export function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    'img-src data: blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" id="vscode-codicon-stylesheet" href="${file('codicon.css')}">
  <link rel="stylesheet" href="${file('webview.css')}">
  <title>Hindstep</title>
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${file('webview.js')}"></script>
</body>
</html>`;
}
