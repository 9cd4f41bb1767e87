// Every operator that models use. One function per ONNX operator, under the operator's own name.
export * from './ops/attention.ts'
export * from './ops/convolution.ts'
export * from './ops/elementwise.ts'
export * from './ops/linalg.ts'
export * from './ops/movement.ts'
export * from './ops/normalization.ts'
