import { visiblePieces, withoutColours } from './visibleText.ts';

/** Text of a trace: never HTML, and with hidden characters made visible. */
export function Visible({ text: coloured }: { readonly text: string }) {
  const text = withoutColours(coloured);
  const pieces = visiblePieces(text);
  const [only] = pieces;
  if (pieces.length === 1 && only?.hidden === undefined) return <>{text}</>;
  return (
    <>
      {pieces.map((piece) =>
        piece.hidden === undefined ? (
          piece.text
        ) : (
          <span class="hidden-character" title={piece.hidden}>
            {piece.text}
          </span>
        ),
      )}
    </>
  );
}
