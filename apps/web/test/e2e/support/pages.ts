// Every page of the application, for what holds for all of them, and for the pictures of the documentation.

export interface AppPage {
  readonly name: string
  /** Of a video that is finished, and another one. */
  readonly path: (videos: readonly [string, string]) => string
  /** Shown to nobody in particular. */
  readonly isPublic?: boolean
}

export const PAGES: readonly AppPage[] = [
  { name: 'login', path: () => '/', isPublic: true },
  { name: 'setup', path: () => '/setup', isPublic: true },
  { name: 'create', path: () => '/' },
  { name: 'library', path: () => '/library' },
  { name: 'compare', path: ([a, b]) => `/compare?a=${a}&b=${b}` },
  { name: 'video', path: ([a]) => `/videos/${a}` },
  { name: 'queue', path: () => '/queue' },
  { name: 'account', path: () => '/account' },
  { name: 'admin', path: () => '/admin' },
  { name: 'admin-users', path: () => '/admin/users' },
  { name: 'admin-keys', path: () => '/admin/keys' },
  { name: 'admin-workers', path: () => '/admin/workers' },
  { name: 'admin-storage', path: () => '/admin/storage' },
  { name: 'admin-audit', path: () => '/admin/audit' },
  { name: 'help', path: () => '/help' },
  { name: 'not-found', path: () => '/nothing-here' },
]
