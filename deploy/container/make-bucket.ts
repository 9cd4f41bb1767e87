// Makes the bucket that KINORA_STORAGE names, where it is not there yet: compose runs it once before everything else. At a provider a
// bucket is made with the provider's own tools, which ask where it should be and who may see it.

import { loadConfig } from '@kinora/server/config'
import { S3mini } from 's3mini'

const { storage } = loadConfig({ env: process.env })
const url = URL.parse(storage ?? '')
const endpoint = url?.searchParams.get('endpoint')
if (!url || !endpoint) throw new Error('KINORA_STORAGE has to be s3://BUCKET?endpoint=URL&region=NAME')
const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env
const region = url.searchParams.get('region') ?? 'us-east-1'
const bucket = new S3mini({ accessKeyId, secretAccessKey, region, endpoint: `${endpoint}/${url.hostname}` })

const made = (await bucket.bucketExists()) ? 'is there' : (await bucket.createBucket()) ? 'was made' : undefined
if (made === undefined)
  throw new Error(`${endpoint} does not make the bucket ${url.hostname}: see its log, and whether the keys are its own`)
process.stdout.write(`the bucket ${url.hostname} ${made}\n`)
