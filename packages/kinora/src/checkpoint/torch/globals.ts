// The few functions of Python and torch whose results are known without running them. Everything else
// that a file asks to call is never looked up, imported or run: it stays a PyObject.

import type { PickleBytes } from './pickle-bytes.ts'
import { rebuildFromType, rebuildParameter, rebuildTensor, rebuildTensorOfType } from './rebuild.ts'
import { describe, type PyDict, type PyValue } from './values.ts'

/** What a function here may use of the machine that runs the pickle. */
export interface Caller {
  readonly bytes: PickleBytes
  /** Accounts for memory, in bytes. */
  spend(cost: number): void
}

export type KnownFunction = (args: readonly PyValue[], caller: Caller) => PyValue

const KNOWN: ReadonlyMap<string, KnownFunction> = new Map<string, KnownFunction>([
  ['collections.OrderedDict', orderedDict],
  ['torch.Size', size],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTensorOfType],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch._utils._rebuild_parameter_with_state', rebuildParameter],
  ['torch._tensor._rebuild_from_type_v2', (args, caller) => rebuildFromType(args, caller, callKnown)],
])

/** The result of calling the global `path`; undefined when it is not among the known ones. */
export function callKnown(path: string, args: readonly PyValue[], caller: Caller): PyValue | undefined {
  return KNOWN.get(path)?.(args, caller)
}

/** `OrderedDict()` or, from Python 2, `OrderedDict([[key, value], ...])`. */
function orderedDict([pairs = []]: readonly PyValue[], caller: Caller): PyValue {
  if (!Array.isArray(pairs)) throw caller.bytes.damaged(`makes an OrderedDict of ${describe(pairs)}`)
  const dict: PyDict = new Map()
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw caller.bytes.damaged(`makes an OrderedDict with ${describe(pair)} as an entry`)
    caller.spend(128)
    dict.set(pair[0]!, pair[1]!)
  }
  return dict
}

function size([sizes = []]: readonly PyValue[], { bytes }: Caller): PyValue {
  if (!Array.isArray(sizes)) throw bytes.damaged(`makes a torch.Size of ${describe(sizes)}`)
  return sizes
}
