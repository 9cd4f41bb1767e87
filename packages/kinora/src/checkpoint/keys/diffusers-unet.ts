// UNet3DConditionModel: the projections around a transformer's blocks are matrices for the models; some files hold
// them as convolutions of kernel size 1, which is how the original code had the temporal ones.

import { asMatrix, type KeyMap } from './key-map.ts'

const PROJECTION = /(?:^|\.)(?:transformer_in|(?:temp_)?attentions\.\d+)\.proj_(?:in|out)\.weight$/

/** `transformer_in.proj_in.weight` [O, I, 1] -> [O, I]; other tensors pass unchanged. */
export const unetKeys: KeyMap = (name, shape) => ({ name, shape: PROJECTION.test(name) ? asMatrix(shape) : shape })
