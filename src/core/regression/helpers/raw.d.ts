/** Files that are imported as text: the helpers that are written beside generated tests. */
declare module '*?raw' {
  const text: string;
  export default text;
}
