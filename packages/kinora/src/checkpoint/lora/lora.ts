// An adapter as it lies in its files, before it meets a model: pairs of factors or whole changes, by the
// names that the file gives or, in formats without names, by their place in a list. Types only.

import type { Component } from '../checkpoint.ts'
import type { WeightEntry } from '../weights.ts'

export type LoraFormat = 'peft' | 'diffusers' | 'kohya' | 'stable-lora' | 'cloneofsimo' | 'safeloras'

/** The components that adapters are made for. */
export type LoraComponent = Exclude<Component, 'vae'>

export interface LoraPair {
  /** [M, rank, ...] as stored */
  readonly up: WeightEntry
  /** [rank, N, ...] as stored */
  readonly down: WeightEntry
}

/** What the adapter does to one tensor of a module that it names. */
export interface NamedChange {
  /** The module as the file spells it, prefixes aside. */
  readonly module: string
  /** Where the spelling tells it. */
  readonly component: LoraComponent | undefined
  readonly tensor: 'weight' | 'bias'
  /** alpha / rank, or what the format has in its place. */
  readonly scale: number
  readonly change: LoraPair | { readonly dense: WeightEntry; readonly whole: boolean }
}

/** Pairs without names: one for each layer of the target modules, in the order in which PyTorch registered them. */
export interface ListedChanges {
  readonly component: LoraComponent | undefined
  /** Class names of the target modules; undefined where the file does not tell. */
  readonly targets: readonly string[] | undefined
  readonly pairs: readonly LoraPair[]
}

export interface Lora {
  /** Folder or file as the user named it. */
  readonly source: string
  readonly format: LoraFormat
  readonly named: readonly NamedChange[]
  readonly listed: readonly ListedChanges[]
  readonly description: LoraDescription
}

/** For logs and a video's metadata. */
export interface LoraDescription {
  readonly source: string
  readonly format: LoraFormat
  /** Modules that it changes. */
  readonly modules: number
  /** The ranks that occur, ascending; as stored, so stable_lora's convolutions have rank times kernel size. */
  readonly ranks: readonly number[]
  /** The alphas that occur, ascending; none where the format has no alpha, or leaves it out because it is the rank. */
  readonly alphas: readonly number[]
}
