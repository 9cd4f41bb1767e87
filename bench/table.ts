// A table as data, printed for a terminal or as Markdown, and the few ways in which figures are written.

export interface Table {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** The first column to the left, the others to the right; no trailing newline. */
export function textTable({ head, rows }: Table): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
  return all.map((row) => line(row).trimEnd()).join('\n')
}

/** Several lines, a trailing newline. */
export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

/** Three figures from a tenth of a second up, milliseconds below; `-` for what there is not. */
export function seconds(value: number | null | undefined): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '-'
  if (value >= 100) return value.toFixed(0)
  if (value >= 10) return value.toFixed(1)
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(3)
}

export function gib(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 2 ** 30).toFixed(2)} GiB`
}

export function ratio(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(3)
}
