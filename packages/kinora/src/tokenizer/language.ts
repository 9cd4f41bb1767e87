// Tells prompts that the models cannot follow: their text encoders know English only. Judges by script, so
// it sees Chinese or Arabic but not French; an honest hint for a warning, not a language detector.

/** One such sign says about as much as this many letters of English. */
const LETTERS_PER_IDEOGRAM = 3

const LETTER = /\p{L}/gu
const LATIN = /\p{Script=Latin}/u
const IDEOGRAM = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u

/** Letters of no script of their own, such as mathematical alphabets. */
const COMMON = /\p{Script=Common}|\p{Script=Inherited}/u

/** Whether most of the prompt is in another script than Latin. False without any letter; accents, digits and emoji do not count. */
export function mostlyNotEnglish(prompt: string): boolean {
  let latin = 0
  let other = 0
  for (const [letter] of prompt.normalize('NFC').matchAll(LETTER)) {
    if (LATIN.test(letter)) latin += 1
    else if (IDEOGRAM.test(letter)) other += LETTERS_PER_IDEOGRAM
    else if (!COMMON.test(letter)) other += 1
  }
  return other > latin
}
