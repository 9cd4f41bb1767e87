// A generated page: where it lies in the folder `reference`, its name in the sidebar, and its text.

export interface Page {
  /** From the folder `reference`, with forward slashes: `library/media.md` */
  readonly path: string
  readonly title: string
  readonly text: string
}
