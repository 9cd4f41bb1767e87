// The form of a rename table: one tensor's name and shape in the file -> what the models ask for, or
// undefined for a tensor that no model needs. Pure; shapes may only lose dimensions of size 1.

interface NamedShape {
  readonly name: string
  readonly shape: readonly number[]
}

export type KeyMap = (name: string, shape: readonly number[]) => NamedShape | undefined
