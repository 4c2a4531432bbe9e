import { render } from 'preact';
import { connect } from '../protocol/rpc.ts';
import type { HostApi } from '../protocol/webviewApi.ts';
import { acquireHost } from './host.ts';
import { App } from './panes/App.tsx';
import { SessionContext } from './state/context.ts';
import { readSaved } from './state/saved.ts';
import { Session } from './state/session.ts';

const host = acquireHost();
// The session's handlers need the client and the client needs the handlers; the host sends nothing before `ready`.
let session: Session | undefined;
const peer = connect<HostApi>(host.port, {
  command: (argument) => session?.handlers().command(argument),
  goTo: (argument) => session?.handlers().goTo(argument),
  reopened: (argument) => session?.handlers().reopened(argument),
  changed: (argument) => session?.handlers().changed(argument),
  progress: (argument) => session?.handlers().progress(argument),
  judgeAgain: (argument) => session?.handlers().judgeAgain(argument),
  proofProgress: (argument) => session?.handlers().proofProgress(argument),
});
session = new Session(peer.client, readSaved(host.getState()), (saved) => host.setState(saved));

const root = document.getElementById('root');
if (root !== null) {
  render(
    <SessionContext.Provider value={session}>
      <App />
    </SessionContext.Provider>,
    root,
  );
}
void session.start();
