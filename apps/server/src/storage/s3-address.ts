// Where a bucket is and who asks, from `s3://BUCKET/PREFIX?endpoint=URL&region=NAME` and the environment. Secrets come from the
// environment alone: a URL lands in process lists, logs and settings files.

import { ServerError } from '../errors.ts'

export interface S3Address {
  /** Of the bucket: with an endpoint of one's own, the bucket is its path, as every such server understands; at AWS a part of the host. */
  readonly endpoint: string
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
  readonly region: string
}

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

type Environment = Readonly<Record<string, string | undefined>>

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/
const REGION = /^[a-z0-9-]{1,40}$/
const FORM = 's3://BUCKET/PREFIX?endpoint=URL&region=NAME'

/** Throws ServerError for what is no such address; its sentences leave out what may be a secret. */
export function parseS3Url(text: string, environment: Environment): S3Address {
  const url = URL.parse(text)
  if (url?.protocol !== 's3:') throw refusal(`the storage is not of the form ${FORM}`)
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '')
    throw refusal(`the storage is not of the form ${FORM}: keys are given as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`)
  for (const name of url.searchParams.keys())
    if (name !== 'endpoint' && name !== 'region')
      throw refusal(`the storage's URL has the parameter ${name}, and only endpoint and region are known`)
  const bucket = url.hostname
  if (!BUCKET.test(bucket)) throw refusal(`the storage's bucket ${JSON.stringify(bucket)} is not a name of a bucket`)
  const parts = url.pathname.split('/').filter((part) => part !== '')
  if (!parts.every((part) => PREFIX_PART.test(part))) throw refusal("the storage's prefix may have letters, digits and . _ - only")
  const region = url.searchParams.get('region') ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1'
  if (!REGION.test(region)) throw refusal(`the storage's region ${JSON.stringify(region)} is not a name of a region`)
  const prefix = parts.map((part) => `${part}/`).join('')
  return { endpoint: endpointOf(url.searchParams.get('endpoint'), bucket, region), bucket, prefix, region }
}

function endpointOf(own: string | null, bucket: string, region: string): string {
  // A dot in a bucket's name would be one level more than the certificate of AWS covers.
  if (own === null)
    return bucket.includes('.') ? `https://s3.${region}.amazonaws.com/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`
  const url = URL.parse(own)
  const plain = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain) throw refusal("the storage's endpoint is a URL that begins with http:// or https:// and has neither user nor query")
  return `${url.href.replace(/\/+$/, '')}/${bucket}`
}

/** Throws ServerError where they are missing. */
export function s3Credentials(environment: Environment): S3Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = environment
  if (!accessKeyId || !secretAccessKey) throw refusal('S3 storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment')
  if (token)
    throw refusal(
      'S3 storage takes lasting keys only: temporary ones would end while videos are made. Unset AWS_SESSION_TOKEN and give the keys of a user',
    )
  return { accessKeyId, secretAccessKey }
}

function refusal(message: string): ServerError {
  return new ServerError(message, { status: 500, code: 'bad_setting', param: 'storage' })
}
