// Part of @kinora/onnxruntime-node, beside the original's files: the binary of this platform, from the package that holds it.

const name = `@kinora/onnxruntime-node-${process.platform}-${process.arch}`

try {
  module.exports = require(`${name}/onnxruntime_binding.node`)
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error
  const message =
    `ONNX Runtime for this platform is not installed; it is in the optional package ${name} (there are linux-x64, linux-arm64, ` +
    `darwin-arm64, win32-x64 and win32-arm64): \`npm install ${name}@${require('../package.json').version}\``
  throw Object.assign(new Error(message), { stack: `Error: ${message}` }) // where it was looked for helps nobody
}
