/** Words of a text in lower case, numbers without separators: what is compared to tell whether a value is known. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(/(?<=\d),(?=\d{3})/g, '')
      .toLowerCase()
      .match(/\d+(?:\.\d+)?|\p{L}+/gu) ?? []
  );
}

/** Numbers of two digits and more, and names of two words and more, each with a capital. */
const VALUE = /\d[\d,]*\.?\d+|(?<![\p{L}'’-])\p{Lu}[\p{L}'’-]+(?: (?:of |the |de |van )?\p{Lu}[\p{L}'’-]+)+/gu;
/** Lines that only head what follows, and labels: "### Data Collection", "**Next Steps:**", "1. **Check Sources**". */
const HEADS =
  /^[ \t]*#+ .*$|^[ \t]*(?:(?:[-*•]|\d+[.)])[ \t]*)?\*\*[^*\d\n]{1,80}\*\*(?:[ \t]*:)?[ \t]*$|\*\*[^*\d\n]{1,80}:\*\*|\*\*[^*\d\n]{1,80}\*\*:|^[ \t]*(?:[-*•]|\d+[.)])[ \t]+[^:\n]{1,60}:[ \t]*$/gm;

/** The values that a text states: numbers and names, not those that only head a paragraph. */
export function valuesIn(text: string): Set<string> {
  const values = text.replace(HEADS, ' ').match(VALUE) ?? [];
  return new Set(values.filter((value) => /[\p{Ll}\d]/u.test(value)));
}
