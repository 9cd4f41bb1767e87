// The XMP packet of WebP files: made here for the encoder to embed, and found again by walking the
// RIFF chunks. The request's JSON is dc:description. WebP container specification; XMP part 1.

import type { Tags } from './job.ts'
import { type ByteSource, readAt, readText } from './source.ts'

const MAX_CHUNKS = 65_536
const DESCRIPTION = /<dc:description><rdf:Alt><rdf:li xml:lang="x-default">([^<]*)<\/rdf:li>/

/** XMP packet with the tags as Dublin Core title and description. */
export function xmpPacket({ title, comment }: Tags): string {
  const entry = (name: string, text: string | undefined) =>
    text === undefined ? '' : `<dc:${name}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(text)}</rdf:li></rdf:Alt></dc:${name}>`
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">' +
    `${entry('title', title)}${entry('description', comment)}</rdf:Description></rdf:RDF></x:xmpmeta>`
  )
}

/** Text of dc:description as `xmpPacket` lays it out, undefined when there is none or the file is damaged. */
export async function readWebpComment(source: ByteSource): Promise<string | undefined> {
  let at = 12
  for (let seen = 0; seen < MAX_CHUNKS; seen++) {
    const header = await readAt(source, at, 8)
    if (!header) return undefined
    const size = header.getUint32(4, true)
    if (header.getUint32(0) === 0x584d5020) {
      const found = DESCRIPTION.exec((await readText(source, at + 8, size)) ?? '')?.[1]
      return found === undefined ? undefined : unescapeXml(found)
    }
    at += 8 + size + (size % 2)
  }
  return undefined
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const CHARACTERS = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]))

/** Control characters have no place in XML 1.0, not even escaped; JSON text never holds any. */
function escapeXml(text: string): string {
  const printable = Array.from(text).filter((character) => character >= ' ' || '\t\n\r'.includes(character))
  return printable.join('').replace(/[&<>"]/g, (character) => ENTITIES[character]!)
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot);/g, (entity) => CHARACTERS.get(entity)!)
}
