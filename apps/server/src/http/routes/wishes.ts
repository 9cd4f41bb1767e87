// From a body to what it wishes: checked fields, and the file that a video starts from, wherever that stands.

import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { fileOfDataUrl } from '../../videos/data-url.ts'
import { createFields, editFields, extendFields, remixFields } from '../../videos/fields.ts'
import type { VideoWish } from '../../videos/wish.ts'
import { readForm, type UploadedFile } from '../body.ts'
import { validated } from '../errors.ts'

export async function newVideo(request: FastifyRequest, config: Config): Promise<VideoWish> {
  const { fields, files } = await readForm(request)
  const { input_reference: reference, ...values } = validated(createFields, fields)
  const input = await referenceOf(request, files.input_reference, reference, config)
  return { ...values, task: input ? 'refer' : 'generate', input }
}

export async function remix(request: FastifyRequest, id: string): Promise<VideoWish> {
  const { fields } = await readForm(request)
  return { ...validated(remixFields, fields), task: 'generate', remixOf: id }
}

export async function editOf(request: FastifyRequest): Promise<VideoWish> {
  const { fields, files } = await readForm(request)
  const { video, ...values } = validated(editFields, fields)
  return { ...values, task: 'edit', input: fileOr(files.video, video) }
}

export async function extensionOf(request: FastifyRequest): Promise<VideoWish> {
  const { fields, files } = await readForm(request)
  const { video, ...values } = validated(extendFields, fields)
  return { ...values, task: 'extend', input: fileOr(files.video, video) }
}

function fileOr(file: UploadedFile | undefined, named: { readonly id: string } | undefined): VideoWish['input'] {
  return file ? { file: file.path } : named
}

async function referenceOf(
  request: FastifyRequest,
  file: UploadedFile | undefined,
  reference: z.output<typeof createFields>['input_reference'],
  { limits }: Config,
): Promise<VideoWish['input']> {
  if (file || !reference || 'id' in reference) return fileOr(file, reference && 'id' in reference ? reference : undefined)
  // Removed with the request's other files.
  const { folder } = request.uploads!
  return { file: await fileOfDataUrl(reference.image_url, folder, limits.uploadBytes, 'input_reference') }
}
