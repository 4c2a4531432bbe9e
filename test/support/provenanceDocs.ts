import { DERIVATIONS } from '../../src/core/provenance/derivations/derivations.ts';

/** The page about provenance, with the list of derivations as the code has it. */
export function provenancePage(): string {
  const rows = DERIVATIONS.map(({ id, summary }) => `| \`${id}\` | ${summary.replaceAll('|', '\\|')} |`);
  return `# Provenance

For every value in the arguments of a call: where it came from. In the editor, values are underlined by the kind of their
origin, a card has the quote, a click (or Enter) goes to the place, and the Provenance tab lists all, with who took the
values of the step later. In the terminal: \`hindstep provenance FILE --step N\`, with \`--json\` for programs.

| underline | kind | what it says |
|---|---|---|
| solid | as it stood | an earlier text holds the value to the letter |
| dashed | derived | an earlier text holds it in another shape, or what it was made of |
| dotted | written by the model | a text, a phrase or code: nobody gave it, and nobody had to |
| wavy | from nowhere | nothing before the step holds it; what the agent itself said first is no ground |

Short and common values (\`3\`, \`true\`) stand by chance in any text: they are not traced, unless the tool's schema names them.

## Derivations

The first that fits is the answer. This list is made from the code.

| id | an argument comes from |
|---|---|
${rows.join('\n')}

## What it can't see

- Values inside a command, a query or another text that the model writes are not traced one by one.
- Sums use the latest 40 numbers before the step; of more, nearly every amount would be the sum of some three.
- A piece of an identifier counts only if few values of its kind would be one by chance, and if it is at most half of it.
- What is known of a run is bounded: a million different words and numbers, the first 20,000 identifiers for pieces, 300,000
  uses of 100,000 values, both ends of a text of more than two million characters, and for later uses the next 2,000 steps (in
  the terminal: all). Where a bound was met, the answer says so.
- A value that stands in several places is shown at the first text that held it.
`;
}
