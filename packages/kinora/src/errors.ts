// The handful of errors that Kinora throws on purpose. Each message names the value, what was
// expected and the way out; `cause` keeps the original error. An abort is not one of them: it
// rejects with the signal's own reason.

/** An argument of a public function is out of range or of the wrong kind. The CLI exits with 2. */
export class ArgumentError extends TypeError {
  override name = 'ArgumentError'
}

/** A checkpoint file is missing, damaged or of another kind; the message names file and tensor. */
export class CheckpointError extends Error {
  override name = 'CheckpointError'
}

/** A checkpoint's config asks for something this library does not build. */
export class UnsupportedConfigError extends Error {
  override name = 'UnsupportedConfigError'
}

/** The engine process or ONNX Runtime failed; carries the last words of the process. */
export class EngineError extends Error {
  override name = 'EngineError'
}

/** A video or image could not be written or read. */
export class MediaError extends Error {
  override name = 'MediaError'
}
