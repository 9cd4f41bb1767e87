// ONNX Runtime's builds for Linux and macOS report models and sessions to their maker, keep an identifier of the machine in the
// user's cache, and leave a file per process in the temporary folder. This is their switch, which they read when they are
// loaded: to be imported before the binding.

process.env.ORT_DISABLE_TELEMETRY = '1'
