import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { S3Error } from './error.ts';

type XmlValue = string | number | boolean | XmlNode | readonly XmlNode[] | readonly string[] | undefined;
export interface XmlNode {
  readonly [name: string]: XmlValue;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters go as character references, as S3 sends them: keys may hold any. */
function escapeText(text: string): string {
  // biome's control character rule would refuse a range literal; code points say the same.
  return Array.from(text, (char) =>
    (char.codePointAt(0) ?? 0) < 0x20 ? `&#x${char.codePointAt(0)?.toString(16)};` : (escapes[char] ?? char),
  ).join('');
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
});

/** A document with S3's name space. */
export function buildXml(root: string, content: XmlNode, namespace = true): string {
  const attributes = namespace ? { '@_xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/' } : {};
  const body = builder.build({ [root]: { ...attributes, ...content } });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

/** Parses a small request document and returns the content of its root element. @throws S3Error MalformedXML */
export function parseXml(text: string, root: string): Record<string, unknown> {
  try {
    const document: unknown = parser.parse(text, true);
    const content = (document as Record<string, unknown>)[root];
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  } catch {
    // falls through: whatever the parser disliked, the client gets S3's word for it
  }
  throw new S3Error('MalformedXML');
}

/** The child elements of that name; an element that occurs once comes from the parser without an array. */
export function children(node: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const value = node[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

/** The text of a child element. */
export function text(node: Record<string, unknown>, name: string): string | undefined {
  const value = node[name];
  return typeof value === 'string' ? value : undefined;
}
