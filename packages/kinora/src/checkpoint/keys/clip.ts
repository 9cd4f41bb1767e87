// CLIP text encoder: transformers 4 saved every name below `text_model.`, version 5 saves them bare, and
// files of 2023 also hold the constant 0..76 as `position_ids`. Models see the bare names.

import type { KeyMap } from './key-map.ts'

const PREFIX = 'text_model.'

/** `text_model.encoder.layers.0...` -> `encoder.layers.0...`; drops `embeddings.position_ids`. */
export const clipKeys: KeyMap = (name, shape) => {
  const bare = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
  return bare === 'embeddings.position_ids' ? undefined : { name: bare, shape }
}
