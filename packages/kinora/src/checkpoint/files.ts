// How the checkpoint layer reads a folder: the few operations it needs, so that layouts are pure code.
// Paths are relative with `/`, e.g. `unet/config.json`. Implementations come from `#files`, which the
// package maps to files.node.ts; nothing else in this folder touches a disk.

export interface CheckpointFiles {
  /** The folder as the user named it, for messages. */
  readonly root: string
  /** Names directly inside a folder, sorted; [] when there is no such folder. '' is the root. */
  list(folder: string): Promise<string[]>
  /** Whether a file (not a folder) is there. */
  exists(path: string): Promise<boolean>
  /** Size in bytes. Throws CheckpointError when the path is no regular file inside the checkpoint. */
  size(path: string): Promise<number>
  /** A small UTF-8 file. Throws CheckpointError above 64 MiB. */
  readText(path: string): Promise<string>
  /** Exactly `length` bytes from `offset`. Throws CheckpointError when the file is shorter. */
  read(path: string, offset: number, length: number): Promise<Uint8Array>
  /** Where the bytes really are, links resolved, for the engine. */
  absolute(path: string): Promise<string>
}

/** The path as messages show it. */
export function shownPath(files: CheckpointFiles, path: string): string {
  return path === '' ? files.root : `${files.root.replace(/[\\/]+$/, '')}/${path}`
}
