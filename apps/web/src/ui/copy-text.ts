// Puts text on the clipboard. Browsers have the clipboard's own interface only over HTTPS and on this machine; a service in a
// home's or company's network is often neither, and there the old command still works.

/** The old command, which browsers still have though nothing new should use it. */
interface CommandDocument {
  execCommand(command: 'copy'): boolean
}

/** Rejects when the browser does not let it. */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) await navigator.clipboard.writeText(text)
  else copyBySelecting(text)
}

function copyBySelecting(text: string): void {
  const focused = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.style.position = 'fixed'
  area.style.opacity = '0'
  // Beside what has the focus: a dialog takes it back from anything outside of it.
  const place = focused?.parentElement ?? document.body
  place.append(area)
  area.select()
  const commands: CommandDocument = document
  const copied = commands.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!copied) throw new Error('the browser does not copy')
}
