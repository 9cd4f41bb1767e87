// The command line's page, from the program itself: every command with its arguments, options, defaults and the examples of its
// own help. What is not in the help is not here.

import { buildProgram } from '../../../apps/cli/src/program.ts'
import { code, fence, prose, table } from './markdown.ts'
import type { Page } from './page.ts'

export type Command = ReturnType<typeof buildProgram>
type Argument = Command['registeredArguments'][number]
type Option = Command['options'][number]

export function commandLinePage(): Page {
  const program = theProgram()
  const commands = commandsOf(program).map(commandPart)
  const text = ['# Command line', prose(program.description()), helpPart(program), exitCodes(), ...commands].join('\n\n')
  return { path: 'command-line.md', title: 'Command line', text: `${text}\n` }
}

/** Its commands and options; nothing of it runs. */
export function theProgram(): Command {
  return buildProgram({ signal: new AbortController().signal, exitCode: 0 })
}

/** Those that do something, in the program's order; `models list` below `models`. */
export function commandsOf(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...commandsOf(child)])
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

function exitCodes(): string {
  return 'Exit codes: 0 done, 1 failed, 2 bad usage, 130 interrupted (143 by SIGTERM). `-h` or `--help` shows the options of a command, `--version` the version.'
}

function commandPart(command: Command): string {
  const options = command.options.filter(({ hidden }) => !hidden)
  return [
    `${'#'.repeat(command.parent?.parent ? 3 : 2)} ${nameOf(command)}`,
    prose(sentence(command.description())),
    fence('text', `${nameOf(command)} ${command.usage()}`),
    command.registeredArguments.length > 0 ? table(['Argument', 'Meaning'], command.registeredArguments.map(argumentRow)) : '',
    options.length > 0 ? table(['Option', 'Meaning', 'Default'], options.map(optionRow)) : '',
    helpPart(command),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function argumentRow(argument: Argument): string[] {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return [code(argument.required ? `<${name}>` : `[${name}]`), prose(argument.description)]
}

/** Many descriptions end with the default in words, `(default: 50)`: it moves to its own column. */
function optionRow({ flags, description, defaultValue, argChoices, negate }: Option): string[] {
  const [, words = description, said = ''] = /^(.*) \(default: (.*)\)$/s.exec(description) ?? []
  const choices = argChoices ? `; one of ${argChoices.map(code).join(', ')}` : ''
  const usual = negate || defaultValue === undefined ? prose(said) : code(String(defaultValue))
  return [code(flags), `${prose(words)}${choices}`, usual]
}

/** What the help says after the options: prose, and examples as blocks of their own. */
function helpPart(command: Command): string {
  return afterHelp(command)
    .split('\n\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [head = '', ...lines] = part.split('\n')
      const isExample = head.endsWith(':') && lines.length > 0 && lines.every((line) => line.startsWith('  '))
      return isExample ? `${head}\n\n${fence('sh', lines.map((line) => line.slice(2)).join('\n'))}` : prose(part)
    })
    .join('\n\n')
}

function afterHelp(command: Command): string {
  let written = ''
  command.configureOutput({ writeOut: (text) => (written += text) })
  command.outputHelp()
  return written.slice(command.helpInformation().length)
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
