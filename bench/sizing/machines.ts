// The machines that are counted with: what their makers publish, and example prices. Peaks are dense (no sparsity) FP16 of the tensor
// cores with FP32 accumulation, per card; memory is what the driver reports, which is below the name.

export interface Gpu {
  readonly name: 't4' | 'a10' | 'h100' | 'h200'
  readonly title: string
  readonly tflops: number
  /** GB a second. */
  readonly bandwidth: number
  readonly memoryGib: number
  readonly price: Price
}

/** Dollars an hour, with where and when it was seen. Examples: real ones differ by place, day and contract. */
export interface Price {
  readonly hour: number
  readonly of: string
  readonly source: string
}

export const GPUS: readonly Gpu[] = [
  {
    name: 't4',
    title: 'T4 16 GB',
    tflops: 65,
    bandwidth: 320,
    memoryGib: 15,
    price: { hour: 0.526, of: 'AWS g4dn.xlarge, on demand, us-east-1', source: 'docs of Cortex 0.13 (G4 from $0.526); undated' },
  },
  {
    name: 'a10',
    title: 'A10 24 GB',
    tflops: 125,
    bandwidth: 600,
    memoryGib: 22.5,
    price: {
      hour: 1.006,
      of: 'AWS g5.xlarge (A10G, a sibling), on demand, us-east-1',
      source: 'factualminds.com, EC2 on-demand pricing, June 2026',
    },
  },
  {
    name: 'h100',
    title: 'H100 SXM 80 GB',
    tflops: 989,
    bandwidth: 3350,
    memoryGib: 79.6,
    price: { hour: 3.21, of: 'RunPod, mean of its four offers', source: 'compute-screener, read on 24 October 2026 (AWS on demand: 6.88)' },
  },
  {
    name: 'h200',
    title: 'H200 SXM 141 GB',
    tflops: 989,
    bandwidth: 4800,
    memoryGib: 140.4,
    price: { hour: 4.44, of: 'RunPod, mean of its two offers', source: 'compute-screener, read on 24 October 2026' },
  },
]

/** Of physical cores with AVX-512 and VNNI, as the measured machine has them. */
export const CPU_CORES = [2, 4, 8, 16, 32] as const

/** Dollars an hour of one core, which is two of the vCPUs that clouds count. */
export const CORE_PRICE: Price = {
  hour: 0.085,
  of: 'AWS c5.4xlarge, an eighth (8 cores, 16 vCPUs, $0.68)',
  source: 'the example in AWS’s own documentation of Auto Scaling',
}

/** What programs of this kind reached on such cards, as others published it: the reasons for the range in estimate.ts. */
export interface Evidence {
  readonly what: string
  /** TFLOP a second. */
  readonly rate: number
  readonly card: string
  readonly peak: number
  readonly source: string
}

/** TFLOP of a guided step of Stable Diffusion 1.5 at 512x512: 339 billion multiply-adds an evaluation, as BK-SDM (arXiv 2305.15798) counts. */
const SD15_STEP = (2 * 2 * 339) / 1000
const A100 = { card: 'A100', peak: 312 }

export const EVIDENCE: readonly Evidence[] = [
  {
    what: 'Stable Diffusion 1.5, TensorRT, 61.1 steps a second',
    rate: 61.1 * SD15_STEP,
    ...A100,
    source: 'fal.ai, stable-diffusion-benchmarks',
  },
  { what: 'Stable Diffusion 1.5, diffusers compiled, 47.3 steps a second', rate: 47.3 * SD15_STEP, ...A100, source: 'the same' },
  { what: 'Stable Diffusion 1.5, diffusers, 31.2 steps a second', rate: 31.2 * SD15_STEP, ...A100, source: 'the same' },
  {
    what: 'Stable Diffusion 1.5, ONNX Runtime on CUDA, 0.572 s, if of 50 steps',
    rate: (50 * SD15_STEP) / 0.572,
    card: 'H100',
    peak: 989,
    source: 'onnxruntime, pull request 22834',
  },
  {
    what: 'text-to-video-ms-1.7b, a public host, "within 25 seconds", if of 50 steps and 16 frames',
    rate: 492.8 / 25,
    ...A100,
    source: 'replicate.com/cjwbw/damo-text-to-video',
  },
]
