// Strings and numbers as pickles spell them: UTF-8, the decimal lines of protocol 0, and integers of any
// length. Python's own bound on decimal digits applies, since converting them is quadratic.

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Python refuses to convert more (sys.int_info.default_max_str_digits). */
const MAX_DIGITS = 4300
/** As many bits, about. */
const MAX_INTEGER_BYTES = 1792

/** Undefined when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

export function decodeLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

/** `12`, or `12L` as Python 2 wrote long ones. Undefined when it is no integer or too long. */
export function parseInteger(text: string): number | bigint | undefined {
  const match = /^\s*([+-]?)(\d+)L?\s*$/.exec(text)
  if (!match || match[2]!.length > MAX_DIGITS) return undefined
  const magnitude = BigInt(match[2]!)
  return small(match[1] === '-' ? -magnitude : magnitude)
}

/** Python's repr of a float. Undefined when it is none. */
export function parseFloatText(text: string): number | undefined {
  const word = /^([+-]?)(inf|nan)$/.exec(text)
  if (word) return word[2] === 'nan' ? Number.NaN : Number(`${word[1]}Infinity`)
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** Little-endian two's complement of any length. Undefined when it is too long. */
export function decodeInteger(bytes: Uint8Array): number | bigint | undefined {
  if (bytes.length > MAX_INTEGER_BYTES) return undefined
  if (bytes.length === 0) return 0
  let hex = '0x'
  for (let i = bytes.length - 1; i >= 0; i--) hex += bytes[i]!.toString(16).padStart(2, '0')
  return small(BigInt.asIntN(8 * bytes.length, BigInt(hex)))
}

/** The quoted string of protocol 0, with Python 2's escapes. Undefined when it is not quoted. */
export function unquote(text: string): string | undefined {
  const quote = text[0]
  if ((quote !== "'" && quote !== '"') || text.length < 2 || !text.endsWith(quote)) return undefined
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' }
  return text.slice(1, -1).replace(/\\(x[0-9a-f]{2}|.)/gi, (_, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return escapes[code] ?? code
  })
}

/** The raw-unicode-escape encoding of protocol 0: Latin-1 but for \u and \U. */
export function unescapeUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})/g, (_, short?: string, long?: string) =>
    String.fromCodePoint(Number.parseInt(short ?? long!, 16)),
  )
}

function small(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
