// Where to cut the UNet for DeepCache (Ma et al. 2023, arXiv 2312.00858): features change slowly from step to step the deeper
// they lie, so a step may compute the outer layers alone and take the inner ones' result from a step before.

import type { UNet3DConfig } from './config.ts'

/** Every up layer takes one skip; the innermost ones cannot be all there is. */
export function upLayers({ upBlockTypes, layersPerBlock }: UNet3DConfig): number {
  return upBlockTypes.length * (layersPerBlock + 1)
}

/**
 * Marks that cut the UNet in three: the layers whose outputs the last `depth` up layers take as skips, the deep ones between, and
 * those up layers with all that follows. `depth` is 1 to upLayers() - 1.
 */
export function cacheCuts(config: UNet3DConfig, depth: number): readonly [string, string] {
  const perBlock = config.layersPerBlock + 1 // a level's skips: its layers' outputs and the downsampled one
  const up = upLayers(config) - depth
  const [level, layer] = [Math.floor((depth - 1) / perBlock), (depth - 1) % perBlock]
  // Before a downsampler there is no mark; the next one is behind it.
  const down = layer < config.layersPerBlock ? `down_blocks.${level}.${layer}` : `down_blocks.${level + 1}.0`
  return [down, `up_blocks.${Math.floor(up / perBlock)}.${up % perBlock}`]
}
