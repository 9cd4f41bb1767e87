// What a storage's URL may be, and that nothing secret is repeated.

import { expect, test } from 'vitest'
import { parseS3Url, s3Credentials } from './s3-address.ts'

test('AWS by bucket and region, others by their endpoint', () => {
  expect(parseS3Url('s3://videos', {})).toEqual({
    endpoint: 'https://videos.s3.us-east-1.amazonaws.com',
    bucket: 'videos',
    prefix: '',
    region: 'us-east-1',
  })
  expect(parseS3Url('s3://my.videos/a/b/?region=eu-west-1', {})).toMatchObject({
    endpoint: 'https://s3.eu-west-1.amazonaws.com/my.videos',
    prefix: 'a/b/',
  })
  expect(parseS3Url('s3://videos/p?endpoint=http://minio:9000/', { AWS_REGION: 'here' })).toEqual({
    endpoint: 'http://minio:9000/videos',
    bucket: 'videos',
    prefix: 'p/',
    region: 'here',
  })
})

test.each([
  'https://videos',
  's3://',
  's3://V',
  's3://AKID:secret@videos',
  's3://videos/a%20b',
  's3://videos/.hidden',
  's3://videos?endpoint=minio:9000',
  's3://videos?endpoint=http://AKID:secret@minio',
  's3://videos?region=..',
  's3://videos?secretAccessKey=secret',
])('%s is refused', (url) => {
  expect(() => parseS3Url(url, {})).toThrow(/^the storage/)
  expect(() => parseS3Url(url, {})).not.toThrow(/=secret|AKID|:secret/)
})

test('the keys come from the environment', () => {
  expect(s3Credentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toEqual({ accessKeyId: 'a', secretAccessKey: 'b' })
  expect(() => s3Credentials({ AWS_ACCESS_KEY_ID: 'a' })).toThrow('AWS_SECRET_ACCESS_KEY')
  expect(() => s3Credentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' })).toThrow('lasting keys')
})
