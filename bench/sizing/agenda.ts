// What is to happen in a simulation, and when: events by time, those of one moment in the order in which they were added.

interface Timed {
  readonly at: number
}

export interface Agenda<Event extends Timed> {
  add(event: Event): void
  /** Takes the earliest one off; undefined when there is none. */
  next(): Event | undefined
}

/** What is known from the start is sorted once; what comes later is little, and put into its place. */
export function createAgenda<Event extends Timed>(first: readonly Event[]): Agenda<Event> {
  const known = first.toSorted((a, b) => a.at - b.at).reverse()
  const later: Event[] = []
  return {
    add(event) {
      const index = later.findIndex(({ at }) => at <= event.at)
      later.splice(index < 0 ? later.length : index, 0, event)
    },
    next() {
      const [a, b] = [known.at(-1), later.at(-1)]
      return a && (!b || a.at <= b.at) ? known.pop() : later.pop()
    },
  }
}
