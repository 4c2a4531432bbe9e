import type { Message, Port } from '../protocol/rpc.ts';

/** What VS Code gives to the page of a webview, once. */
interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCode;

export interface HostWindow {
  readonly port: Port;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The way to the extension: its port, and the state that VS Code keeps for this view. */
export function acquireHost(): HostWindow {
  const vscode = acquireVsCodeApi();
  return {
    port: {
      post: (message) => vscode.postMessage(message),
      listen: (listener) => {
        const onMessage = (event: MessageEvent) => {
          if (isMessage(event.data)) listener(event.data);
        };
        window.addEventListener('message', onMessage);
        return () => window.removeEventListener('message', onMessage);
      },
    },
    getState: () => vscode.getState(),
    setState: (state) => vscode.setState(state),
  };
}

/** Only the host can post to this window; other messages are the toolkit's and VS Code's own. */
function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'type' in data && 'id' in data && typeof data.id === 'number';
}
