// Which part of a checkpoint holds the model's weights. Training code saves them under a key of its own,
// beside optimizers, schedulers and callbacks whose tensors nobody asked for.

import { type PyDict, PyObject, type PyValue, TorchTensor } from './values.ts'

/** The first of these keys that holds tensors is taken. */
const MODEL_KEYS = ['state_dict', 'model_state_dict', 'params']
/** These are taken only where no other dict of tensors lies beside: they are also names of a model's parts. */
const LOOSE_MODEL_KEYS = ['module', 'model']

/** The dict under a model key at the top or in one of the top's dicts; undefined where there is none, or several candidates. */
export function findStateDict(top: PyValue): PyDict | undefined {
  const dict = dictOf(top)
  if (!dict) return undefined
  const finder = new Finder()
  const here = finder.underModelKey(dict)
  if (here) return finder.underModelKey(here) ?? here
  const below = dictsIn(dict).flatMap((inner) => finder.underModelKey(inner) ?? [])
  return below.length === 1 ? below[0] : undefined
}

/** The entries of a dict, or of an object of a dict's subclass. */
export function dictOf(value: PyValue | undefined): PyDict | undefined {
  if (value instanceof PyObject) return value.items
  return value instanceof Map ? value : undefined
}

/** Looks through each dict once, however often the file shows it. */
class Finder {
  readonly #direct = new Map<PyDict, boolean>()
  readonly #nested = new Map<PyDict, boolean>()

  underModelKey(dict: PyDict): PyDict | undefined {
    const held = (keys: readonly string[]) => keys.map((key) => dictOf(dict.get(key))).find((inner) => inner && this.#holdsTensors(inner))
    const certain = held(MODEL_KEYS)
    if (certain) return certain
    const likely = held(LOOSE_MODEL_KEYS)
    return likely && dictsIn(dict).filter((inner) => this.#holdsDirectly(inner)).length <= 1 ? likely : undefined
  }

  /** Itself or in a dict of its own. */
  #holdsTensors(dict: PyDict): boolean {
    const holds = this.#nested.get(dict) ?? (this.#holdsDirectly(dict) || dictsIn(dict).some((inner) => this.#holdsDirectly(inner)))
    this.#nested.set(dict, holds)
    return holds
  }

  #holdsDirectly(dict: PyDict): boolean {
    const holds = this.#direct.get(dict) ?? [...dict.values()].some((value) => value instanceof TorchTensor)
    this.#direct.set(dict, holds)
    return holds
  }
}

function dictsIn(dict: PyDict): PyDict[] {
  return [...new Set([...dict.values()].map(dictOf))].filter((inner) => inner !== undefined)
}
