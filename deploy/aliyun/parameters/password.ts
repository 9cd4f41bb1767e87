// What the two passwords of the form must be: that of the machine, by the cloud's own rule, and that of the first user, by the
// service's (apps/server/src/accounts/names.ts). Only constructs that Python's and JavaScript's regular expressions share, since
// the cloud checks with the one and its console with the other.

/** Capital letters, small letters, digits and the symbols that the cloud allows, as inside of a character class. */
const CLASSES = ['A-Z', 'a-z', '0-9', String.raw`()\x60~!@#$%\^&*_\-+={}\[\]:;'<>,.?/`] as const

/** 8 to 30 characters of the four classes, and of three of them at least one. */
export const INSTANCE_PASSWORD = `^(?:${threeOfFour()})[${CLASSES.join('')}]{8,30}$`

/**
 * 8 to 256 characters that a keyboard has. The service itself takes any; but these are the same bytes in every encoding on the way
 * there, and a form may cut spaces off at the ends.
 */
export const SOFTWARE_PASSWORD = `^[!-~][ -~]{6,254}[!-~]$`

export const SOFTWARE_USER_NAME = `^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`

function threeOfFour(): string {
  const has = CLASSES.map((one) => `(?=.*[${one}])`)
  return has.map((_, left) => has.filter((__, i) => i !== left).join('')).join('|')
}
