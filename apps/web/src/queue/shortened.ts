// The beginning of a prompt, for the names of buttons: long enough to tell rows apart.

const MOST = 60

export function shortened(prompt: string | null | undefined): string {
  const characters = Array.from(prompt ?? '')
  return characters.length <= MOST ? characters.join('') : `${characters.slice(0, MOST).join('').trimEnd()}…`
}
