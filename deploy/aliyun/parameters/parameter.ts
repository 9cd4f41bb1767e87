// How one field of the form is declared. The console draws it from these properties; the vendor's service checks pattern, length
// and allowed values again before anything is created. ROS template format 2015-09-01, "Parameters".

import { type Construct, RosParameter, RosParameterType } from '@alicloud/ros-cdk-core'
import { asLabel, type Text } from '../text.ts'

/** How the console's own conditions and inputs name the value of another field; the template's functions do not know it. */
export function fieldValue(field: string): string {
  return `\${${field}}`
}

/** A condition of the form, over such values. */
type FormCondition = Readonly<Record<string, unknown>>

export interface Field {
  readonly label: Text
  readonly help: Text
  readonly type?: 'String' | 'Number'
  /** Without one the field must be filled in. */
  readonly initial?: string | number
  readonly values?: readonly (string | number)[]
  /** A regular expression for the whole value, and the sentence that is shown when it does not match. */
  readonly pattern?: string
  readonly rule?: Text
  readonly length?: readonly [least: number, most: number]
  readonly placeholder?: Text
  /** Which of the console's own inputs draws it, and what that needs to know. */
  readonly input?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Drawn, and required, only then. */
  readonly shownWhen?: FormCondition
  /** Never shown again: not in the console, not in answers of the API. */
  readonly secret?: boolean
  /** Asked for twice. */
  readonly confirmed?: boolean
}

export function addField(scope: Construct, name: string, field: Field): RosParameter {
  return new RosParameter(scope, name, {
    type: field.type === 'Number' ? RosParameterType.NUMBER : RosParameterType.STRING,
    label: asLabel(field.label),
    description: { ...field.help },
    ...(field.initial === undefined ? {} : { defaultValue: field.initial }),
    ...(field.values ? { allowedValues: [...field.values] } : {}),
    ...(field.pattern === undefined ? {} : { allowedPattern: field.pattern }),
    ...(field.rule ? { constraintDescription: { ...field.rule } } : {}),
    ...(field.length ? { minLength: field.length[0], maxLength: field.length[1] } : {}),
    ...(field.placeholder ? { placeholder: { ...field.placeholder } } : {}),
    ...(field.input === undefined ? {} : { associationProperty: field.input }),
    ...metadataOf(field),
    // The format takes a condition here as well, which the CDK's types do not know.
    ...(field.shownWhen ? { required: field.shownWhen as unknown as boolean } : {}),
    ...(field.secret ? { noEcho: true } : {}),
    ...(field.confirmed ? { confirm: true } : {}),
  })
}

function metadataOf({ metadata, shownWhen }: Field): { associationPropertyMetadata?: Record<string, unknown> } {
  if (!metadata && !shownWhen) return {}
  return { associationPropertyMetadata: { ...metadata, ...(shownWhen ? { Visible: { Condition: shownWhen } } : {}) } }
}
