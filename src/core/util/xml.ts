import { wellFormed } from './wellFormed.ts';

/** An element on its way to XML: a name (ours), attributes, and either elements or text inside. */
export interface XmlElement {
  readonly name: string;
  /** Those that are undefined are left out. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly XmlElement[];
  readonly text?: string;
}

/** An XML 1.0 document in UTF-8. Texts may hold anything: what XML can't hold is replaced by U+FFFD. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '')}\n`;
}

function elementText({ name, attributes = {}, children = [], text }: XmlElement, indent: string): string {
  const said = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${attributeText(String(value))}"`],
  );
  const open = `${indent}<${name}${said.join('')}`;
  if (text !== undefined) return `${open}>${plainText(text)}</${name}>`;
  if (children.length === 0) return `${open}/>`;
  return `${open}>\n${children.map((child) => `${elementText(child, `${indent}  `)}\n`).join('')}${indent}</${name}>`;
}

function plainText(text: string): string {
  // `>` for the end of a CDATA section, `\r` because a reader would make it a line feed.
  return possible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** White space in attributes becomes spaces when it is read, unless it is written as a reference. */
function attributeText(text: string): string {
  return plainText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** The `Char` production of XML 1.0: no control characters but tab and line ends, no half surrogates, no U+FFFE. */
function possible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return wellFormed(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
