// Draws the scenes of training/shapes_data.py as videos: known input to check the measure with.
import { type Tensor, tensor } from '../../../kinora/src/tensor/tensor.ts'
import { signedDistance } from './shapes.ts'
import { BACKGROUNDS, COLORS, type Scene, SIZES, WATER } from './vocabulary.ts'

interface Pose {
  /** Centre, in [-1, 1] across the picture; y grows down. */
  readonly x: number
  readonly y: number
  readonly radius: number
  /** Clockwise, radians. */
  readonly turn: number
}

const TRAVEL = 0.55
/** Height of the sea at column `x` and time `t` in [0, 1]. */
const waveHeight = (x: number, t: number) => 0.45 + 0.14 * Math.sin(3.2 * x - 2 * Math.PI * t)

/** Where a scene's shape is at time `t` in [0, 1]. */
function pose({ motion, size }: Scene, t: number): Pose {
  const rest: Pose = { x: 0, y: 0, radius: SIZES[size], turn: 0 }
  const along = TRAVEL * (2 * t - 1)
  const angle = 2 * Math.PI * t
  switch (motion) {
    case 'left':
      return { ...rest, x: -along }
    case 'right':
      return { ...rest, x: along }
    case 'up':
      return { ...rest, y: -along }
    case 'down':
      return { ...rest, y: along }
    case 'bounce':
      return { ...rest, y: 0.55 - 1.05 * Math.abs(Math.sin(angle)) }
    case 'spin':
      return { ...rest, turn: 0.75 * angle }
    case 'grow':
      return { ...rest, radius: 0.15 + 0.45 * t }
    case 'shrink':
      return { ...rest, radius: 0.6 - 0.45 * t }
    case 'orbit':
      return { ...rest, x: 0.45 * Math.sin(angle), y: -0.45 * Math.cos(angle) }
    case 'still':
      return rest
    case 'surf':
      return {
        ...rest,
        x: along,
        y: waveHeight(along, t) - rest.radius,
        turn: Math.atan(0.14 * 3.2 * Math.cos(3.2 * along - angle)),
      }
    default:
      return motion satisfies never
  }
}

/** A scene as frames [F, size, size, 3] in [0, 1], edges softened over about a pixel. */
export function render(scene: Scene, frames = 16, size = 128): Tensor<'float32'> {
  const data = new Float32Array(frames * size * size * 3)
  const ground = BACKGROUNDS[scene.background]
  const paint = COLORS[scene.color]
  const cover = (distance: number) => 1 / (1 + Math.exp((distance * size) / 1.5))
  let offset = 0
  for (let f = 0; f < frames; f++) {
    const t = frames > 1 ? f / (frames - 1) : 0.5
    const { x: cx, y: cy, radius, turn } = pose(scene, t)
    const c = Math.cos(turn)
    const s = Math.sin(turn)
    for (let row = 0; row < size; row++) {
      const y = ((row + 0.5) / size) * 2 - 1
      for (let column = 0; column < size; column++) {
        const x = ((column + 0.5) / size) * 2 - 1
        const sea = scene.motion === 'surf' ? cover(waveHeight(x, t) - y) : 0
        const dx = x - cx
        const dy = y - cy
        const inside = cover(signedDistance(scene.shape, c * dx + s * dy, c * dy - s * dx, radius))
        for (let channel = 0; channel < 3; channel++) {
          const behind = ground[channel]! * (1 - sea) + WATER[channel]! * sea
          data[offset++] = behind * (1 - inside) + paint[channel]! * inside
        }
      }
    }
  }
  return tensor('float32', [frames, size, size, 3], data)
}
