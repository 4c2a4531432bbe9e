/** Accounts of machines, not of people. */
const NOBODY = new Set(
  'user users ubuntu debian runner root node vscode coder agent app developer dev admin guest shared public default docker jovyan openhands swe-agent sandbox workspace'.split(
    ' ',
  ),
);

const HOME = /(\/home\/|\/Users\/|\b[A-Za-z]:(?:\\{1,4})Users(?:\\{1,4}))([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})/g;

/** The home folders named in a text, each with its user's name. */
export function* homesIn(text: string): Generator<{ folder: string; user: string }> {
  for (const [, folder = '', name = ''] of text.matchAll(HOME)) {
    const user = name.replace(/[.-]+$/, '');
    if (user !== '' && !NOBODY.has(user.toLowerCase())) yield { folder, user };
  }
}

/** Whether a text is the home folder of this user, on whichever system. */
export function isHome(text: string, user: string): boolean {
  return [...homesIn(text)].some((home) => home.user === user && `${home.folder}${home.user}` === text);
}
