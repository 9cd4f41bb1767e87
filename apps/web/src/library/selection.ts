// Which videos are selected, and the one from which a range with the shift key goes on. Pure; order is the list's.

export interface Selection {
  /** Whether cards are selected rather than opened. */
  readonly isOn: boolean
  readonly ids: ReadonlySet<string>
  readonly anchor?: string | undefined
}

export const NONE: Selection = { isOn: false, ids: new Set() }

/** Alone, or with all between it and the last one: these become selected. */
export function toggled(selection: Selection, id: string, order: readonly string[], withRange = false): Selection {
  const ids = new Set(selection.ids)
  const [from, to] = [order.indexOf(selection.anchor ?? ''), order.indexOf(id)]
  if (withRange && from >= 0 && to >= 0) {
    for (const each of order.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(each)
    return { isOn: true, ids, anchor: id }
  }
  if (!ids.delete(id)) ids.add(id)
  return { isOn: true, ids, anchor: id }
}

/** Without those that are not in the list any more. */
export function pruned(selection: Selection, order: readonly string[]): Selection {
  const there = new Set(order)
  const ids = [...selection.ids].filter((id) => there.has(id))
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) }
}
