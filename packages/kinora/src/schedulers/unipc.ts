// UniPC: a multistep predictor whose every step a corrector refines with the next model output, at no further
// evaluation. Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of Diffusion
// Models", algorithms 1 and 2; options follow diffusers' scheduling_unipc_multistep.py, formulas: unipc-update.ts.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { NOISE_FIELDS, positiveAlphasCumprod } from './beta.ts'
import { type Field, flag, integer, notBuilt, oneOf, resolveConfig, type Values } from './config.ts'
import { checkSameShape } from './noising.ts'
import { predictNoise } from './prediction.ts'
import type { SchedulerConfig } from './scheduler.ts'
import { alphaSigma } from './sigmas.ts'
import { convertToOriginal } from './solver-convert.ts'
import { type Schedule, solverSchedule } from './solver-schedule.ts'
import { SOLVER_FIELDS, SolverScheduler } from './solver-scheduler.ts'
import { spacingField } from './spacing.ts'
import { applyUni, correctorCoefficients, predictorCoefficients, type UniVariant } from './unipc-update.ts'

const FIELDS = {
  ...NOISE_FIELDS,
  ...SOLVER_FIELDS,
  predict_x0: flag(true),
  solver_type: oneOf(['bh1', 'bh2'], 'bh2', { midpoint: 'bh2', heun: 'bh2', logrho: 'bh2' }),
  lower_order_final: flag(true),
  /** Steps, counted from 0, whose result is not corrected. */
  disable_corrector: stepList(),
  solver_p: notBuilt(null),
  timestep_spacing: spacingField('linspace'),
  steps_offset: integer(0, 0, 100_000),
  final_sigmas_type: oneOf(['zero', 'sigma_min'], 'zero'),
  shift_terminal: notBuilt(null),
}

/** What the last step leaves for the next one to correct it. */
interface Predicted {
  readonly sample: Float32Array
  readonly order: number
}

export class UniPCMultistepScheduler extends SolverScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'UniPCMultistepScheduler'
  readonly #variant: UniVariant
  #last: Predicted | undefined

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for one that is not built. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('UniPCMultistepScheduler', FIELDS, config)
    super(resolved, positiveAlphasCumprod(resolved))
    checkFinal(resolved)
    this.#variant = { predictX0: resolved.predict_x0, solverType: resolved.solver_type }
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): UniPCMultistepScheduler {
    return new UniPCMultistepScheduler(config)
  }

  override setTimesteps(numInferenceSteps: number): void {
    super.setTimesteps(numInferenceSteps)
    this.#last = undefined
  }

  protected plan(steps: number): Schedule {
    return solverSchedule(this.config, this.training, steps, this.config.final_sigmas_type)
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const converted = this.#convert(modelOutput.data, sample, index)
    const before = this.outputs
    this.remember(converted)
    const x = this.#corrected(converted, before, index) ?? sample.data
    const order = Math.min(this.#orderAt(index), this.outputs.length)
    const [m0, ...others] = this.outputs.toReversed()
    const out = applyUni(predictorCoefficients(this.#variant, order, this.sigmas, index), x, m0!, others)
    this.#last = { sample: x, order }
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }

  /** The sample of this timestep that the last step would have led to, had it known the model's output here. */
  #corrected(converted: Float32Array, outputs: readonly Float32Array[], index: number): Float32Array | undefined {
    const last = this.#last
    if (!last || this.config.disable_corrector.includes(index - 1)) return undefined
    const [m0, ...others] = outputs.slice(-last.order).reverse()
    const update = correctorCoefficients(this.#variant, last.order, this.sigmas, index - 1)
    return applyUni(update, last.sample, m0!, [...others, converted])
  }

  #convert(output: Float32Array, sample: Tensor<'float32'>, index: number): Float32Array {
    const level = this.sigmas[index]!
    if (this.config.predict_x0) return convertToOriginal(this.config, level, output, sample)
    const [alpha, sigma] = alphaSigma(level)
    return predictNoise(this.config.prediction_type, alpha, sigma, output, sample.data, new Float32Array(output.length))
  }

  #orderAt(index: number): number {
    const { solver_order: order, lower_order_final: lowerFinal } = this.config
    return lowerFinal ? Math.min(order, this.timesteps.length - index) : order
  }
}

/** Throws ArgumentError where the last step would divide by zero. */
function checkFinal(config: Values<typeof FIELDS>): void {
  if (config.final_sigmas_type !== 'zero') return
  if (!config.predict_x0) throw new ArgumentError('predict_x0 false cannot reach sigma 0: set final_sigmas_type to sigma_min')
  if (!config.lower_order_final && config.solver_order > 1)
    throw new ArgumentError(
      `solver_order ${config.solver_order} cannot reach sigma 0: set lower_order_final, or set final_sigmas_type to sigma_min`,
    )
}

function stepList(): Field<readonly number[]> {
  return {
    fallback: [],
    read: (value, key) => {
      if (Array.isArray(value) && value.every((step) => Number.isInteger(step) && step >= 0)) return [...value]
      throw new ArgumentError(`scheduler config ${key} must be a list of steps, whole numbers from 0`)
    },
  }
}
