// The simple commands in a shell text: enough of the shell's grammar to find `kinora …` with its words in the blocks of the pages.
// Bash itself reads the same text (`bash -n`); nothing is expanded here: `$NAME` and `$(…)` stay as they are written.

/** Words that come before a command without being part of it. */
const BEFORE = new Set(['do', 'then', 'else', 'if', 'while', 'until', '!', '{', '(', 'sudo', 'time', 'exec', 'nohup', 'env'])

/** The words of each command, without variables before it, redirections and quotes. */
export function commandsIn(script: string): string[][] {
  const commands: string[][] = [[]]
  for (const token of tokens(script)) {
    if (token.operator) commands.push([])
    else commands.at(-1)?.push(token.text)
  }
  return commands.map(withoutPrefix).filter((words) => words.length > 0)
}

function withoutPrefix(words: readonly string[]): string[] {
  const start = words.findIndex((word) => !BEFORE.has(word) && !/^\w+=/.test(word))
  return start < 0 ? [] : words.slice(start)
}

interface Token {
  readonly text: string
  readonly operator: boolean
}

const TOKEN =
  /(?<space>[ \t]+|\\\n)|(?<comment>(?<![^\s;&|(])#[^\n]*)|(?<redirect>\d?(?:>>|>&|<<<|<<|<&|>|<)&?\d*-?)|(?<operator>\n|&&|\|\||;;|[;&|()])|(?<word>(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\$\([^)]*\)|\\[\s\S]|[^\s;&|()<>"'\\])+)|(?<other>[\s\S])/g

function tokens(script: string): Token[] {
  const found: Token[] = []
  let redirected = false
  for (const { groups = {} } of script.matchAll(TOKEN)) {
    if (groups.redirect !== undefined) redirected = !/&\d|-$/.test(groups.redirect)
    else if (groups.operator !== undefined) found.push({ text: groups.operator, operator: true })
    else if (groups.word !== undefined) {
      if (!redirected) found.push({ text: unquoted(groups.word), operator: false })
      redirected = false
    }
  }
  return found
}

function unquoted(word: string): string {
  return word.replaceAll(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_, double?: string, single?: string, escaped?: string) =>
    double === undefined ? (single ?? escaped ?? '') : double.replaceAll(/\\(["\\$`])/g, '$1'),
  )
}

/** The arguments that the `kinora` program gets, when the command runs it. */
export function programArguments([first, ...rest]: readonly string[]): readonly string[] | undefined {
  if (first === 'kinora') return rest
  if (first === 'npm' && rest[0] === 'run' && rest[1] === 'kinora') return rest.slice(rest[2] === '--' ? 3 : 2)
  if (first !== 'npx') return undefined
  const words = rest.filter((word) => word !== '--yes' && word !== '-y')
  return words[0] === 'kinora' || /^@kinora\/cli(?:@|$)/.test(words[0] ?? '') ? words.slice(1) : undefined
}
