// Lets the vendor's CDK run on Node 24. It checks its own manifest with jsonschema 1.5.0, which resolves the schema's relative
// references against `thismessage::/`, no longer an address since Node 24.20 (ERR_INVALID_URL, tdegrunt/jsonschema#423). With
// an absolute base the same check passes, so it is given one; nothing is skipped.

import { createRequire } from 'node:module'

type Validate = (this: unknown, instance: unknown, schema: unknown, options: object | undefined, context: unknown) => unknown

const BASE = 'https://kinora.invalid/'

/** Must be called before the first synth; a second call does nothing. */
export function letCdkRun(): void {
  const { Validator } = bundledJsonSchema()
  const original = Validator.prototype.validate
  if (original.name === 'validateFromBase') return
  Validator.prototype.validate = function validateFromBase(instance, schema, options, context) {
    return original.call(this, instance, schema, { base: BASE, ...options }, context)
  }
}

/** The copy that the CDK itself uses, found the way the CDK finds it. */
function bundledJsonSchema(): { Validator: { prototype: { validate: Validate } } } {
  const fromHere = createRequire(import.meta.url)
  const fromCore = createRequire(fromHere.resolve('@alicloud/ros-cdk-core'))
  const fromSchema = createRequire(fromCore.resolve('@alicloud/ros-cdk-assembly-schema'))
  return fromSchema('jsonschema') as ReturnType<typeof bundledJsonSchema>
}
