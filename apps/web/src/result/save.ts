// Hands bytes to the user: as a file in the downloads, or through the system's own sharing.

/** Under the name given, whatever the answer's header says. */
export function saveFile(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

export function canShareFiles(): boolean {
  const sample = new File([], 'video.mp4', { type: 'video/mp4' })
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [sample] })
}

/** False when the user thought better of it. Rejects where the browser does not let it. */
export async function shareFile(bytes: Blob, name: string, text: string): Promise<boolean> {
  const file = new File([bytes], name, { type: bytes.type || 'video/mp4' })
  try {
    await navigator.share({ files: [file], text })
    return true
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false
    throw error
  }
}
