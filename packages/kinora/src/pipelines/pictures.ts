// Pictures through the autoencoder one at a time, whole or in tiles (tiling.ts). Tiles of one shape go
// through the model together for some pictures, since a model is built for one shape.

import type { Graph, Target } from '../onnx/graph.ts'
import type { Session } from '../runtime/engine.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Run } from './run.ts'
import { leversOf } from './run.ts'
import type { Tile, TileSize } from './tiling.ts'
import { cropTile, FRAMES_AT_ONCE, joinTiles, needsTiles, tileRows } from './tiling.ts'

type Float = Tensor<'float32'>
type Results = Record<string, Float>

export interface PictureWork {
  readonly slot: 'vae_encoder' | 'vae_decoder'
  /** Name of the model's input. */
  readonly input: string
  readonly count: number
  /** Picture `index` as the model takes it, [1, C, H, W]. */
  readonly take: (index: number) => Float
  /** Of every picture. */
  readonly height: number
  readonly width: number
  readonly tiles: TileSize
  /** The model for pictures of this size. */
  readonly build: (height: number, width: number, target: Target) => Graph
}

/** The model's results for each picture, in order. */
export async function* eachPicture(run: Run, work: PictureWork): AsyncGenerator<Results, void, undefined> {
  const tiled = (run.settings.vaeTiling === true || leversOf(run).tiles) && needsTiles(work, work.tiles.input.side)
  if (tiled) yield* inTiles(run, work)
  else {
    const session = await open(run, work, work)
    for (let index = 0; index < work.count; index++) yield await resultsOf(run, session, work, work.take(index))
  }
  await run.sessions.done(work.slot)
}

async function* inTiles(run: Run, work: PictureWork): AsyncGenerator<Results, void, undefined> {
  const rows = tileRows(work.height, work.width, work.tiles)
  for (let first = 0; first < work.count; first += FRAMES_AT_ONCE) {
    const pictures = Array.from({ length: Math.min(FRAMES_AT_ONCE, work.count - first) }, (_, i) => work.take(first + i))
    const results = new Map<Tile, Results[]>()
    for (const group of Map.groupBy(rows.flat(), ({ height, width }) => `${height}x${width}`).values()) {
      const session = await open(run, work, group[0]!)
      for (const tile of group) {
        const ofTile: Results[] = []
        for (const picture of pictures) ofTile.push(await resultsOf(run, session, work, cropTile(picture, tile)))
        results.set(tile, ofTile)
      }
    }
    for (const i of pictures.keys()) {
      const names = Object.keys(results.get(rows[0]![0]!)![i]!)
      const joined = names.map((name) => [
        name,
        joinTiles(
          rows.map((row) => row.map((tile) => results.get(tile)![i]![name]!)),
          work.tiles,
        ),
      ])
      yield Object.fromEntries(joined) as Results
    }
  }
}

function open(run: Run, { slot, build }: PictureWork, { height, width }: Pick<Tile, 'height' | 'width'>): Promise<Session> {
  const { arena } = leversOf(run)
  const key = `${height}x${width}${arena ? '' : ' without arena'}`
  return run.sessions.get(slot, key, (target) => build(height, width, target), run.options.signal, { arena })
}

async function resultsOf({ options }: Run, session: Session, { input }: PictureWork, picture: Float): Promise<Results> {
  return (await session.run({ [input]: picture }, options.signal)) as Results
}
