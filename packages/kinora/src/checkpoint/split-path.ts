// The path of a file or folder as a user writes it, split into the folder to open and the name in it.

/** `adapters/style.pt` -> `adapters` and `style.pt`; trailing slashes do not count. */
export function splitPath(path: string): { folder: string; name: string } {
  const clean = path.replace(/(?<=.)[\\/]+$/, '')
  const slash = Math.max(clean.lastIndexOf('/'), clean.lastIndexOf('\\'))
  return { folder: slash < 0 ? '.' : clean.slice(0, slash) || '/', name: clean.slice(slash + 1) }
}
