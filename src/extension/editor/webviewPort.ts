import type * as vscode from 'vscode';
import type { Message, Port } from '../../protocol/rpc.ts';

/** The extension host's end of the channel to a webview. */
export function webviewPort(webview: vscode.Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (listener) => {
      const subscription = webview.onDidReceiveMessage((message: Message) => listener(message));
      return () => subscription.dispose();
    },
  };
}
