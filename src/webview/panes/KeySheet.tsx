import { useSession } from '../state/context.ts';
import { KEY_SHEET } from '../state/keys.ts';
import { Dialog } from '../widgets/Dialog.tsx';

/** All keys on one sheet. */
export function KeySheet() {
  const session = useSession();
  return (
    <Dialog title="Keys" onClose={() => session.store.set({ dialog: undefined })} class="key-sheet">
      <div class="key-groups">
        {KEY_SHEET.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(({ keys, does }) => (
                <div key={does} class="key-line">
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">
        F-keys are VS Code commands: change them under Preferences, Keyboard Shortcuts, by searching for “Hindstep”.
      </p>
    </Dialog>
  );
}
