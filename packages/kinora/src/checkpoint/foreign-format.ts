// What people have in place of a file of tensors most often, told by its first bytes, with the way out.

/** Where a tar archive names itself, after the name, mode, sizes and links of its first entry. */
const TAR_MAGIC_OFFSET = 257

const STARTS: readonly (readonly [start: string, hint: string])[] = [
  ['version ', 'a Git LFS pointer, not the file itself: run `git lfs pull` in the repository'],
  ['PK\x03\x04', 'a zip archive (a PyTorch file?), not safetensors: convert it or download the .safetensors file'],
  ['\x89HDF\r\n', "an HDF5 file, as TensorFlow and Keras write them: download the model's PyTorch or safetensors files"],
  ['GGUF', "a GGUF file, made for llama.cpp and its relatives: download the model's safetensors files"],
  ['\x93NUMPY', 'a NumPy array: save the tensors as safetensors'],
  ['\x1f\x8b', 'compressed with gzip: unpack it'],
  ['7z\xbc\xaf', 'a 7-Zip archive: unpack it'],
  ['Rar!', 'a RAR archive: unpack it'],
]

/** What the file is, when it is one of the known strangers. `start` is its first bytes, 512 where the file is as long. */
export function foreignFormat(start: Uint8Array): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, 512))
  if (/^\s*<(!DOC|html)/i.test(text)) return 'a web page, not a file of tensors: download the file itself'
  if (text.startsWith('ustar', TAR_MAGIC_OFFSET))
    return "a tar archive: unpack it; if it is PyTorch's format of 2016, load it with PyTorch and save it again"
  return STARTS.find(([bytes]) => text.startsWith(bytes))?.[1]
}
