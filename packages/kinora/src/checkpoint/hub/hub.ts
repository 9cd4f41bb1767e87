// What the model hub offers to the rest of the library: names of options and results. hub.node.ts has the functions.

import type { WeightWish } from './choose-weights.ts'
import type { SpecOptions } from './spec.ts'

export interface HubOptions {
  /** Folder of the cache, shared with Python's huggingface_hub. Default HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub. */
  cache?: string
  /** Default HF_ENDPOINT, else https://huggingface.co. */
  endpoint?: string
  /** Access token for gated and private repositories. Default HF_TOKEN, else the file `token` in HF_HOME. */
  token?: string
  /** Ask nobody, use what is there. Default HF_HUB_OFFLINE. */
  offline?: boolean
  /** A connection that gives nothing for so long is taken for dead. Default HF_HUB_DOWNLOAD_TIMEOUT, else 20 s. */
  timeoutMs?: number
  /** How often in a row a request may fail without a byte of progress before it is given up. Default 5. */
  retries?: number
  /** Wait before the first retry; doubles with each, up to 30 s. Default 500. */
  retryDelayMs?: number
  /** Where settings are read. Default process.env. */
  env?: Readonly<Record<string, string | undefined>>
  /** Stops at any moment; what was downloaded stays for the next time. */
  signal?: AbortSignal
}

export interface ModelOptions extends HubOptions, SpecOptions, WeightWish {}

export interface PullOptions extends ModelOptions {
  /** Files at a time. Default 4. */
  parallel?: number
  /** Called at most ten times a second and file, and at each file's end. */
  onProgress?: (progress: PullProgress) => void
}

export interface PullProgress {
  /** The file that this report is about. */
  file: string
  /** Of that file: what is there, with what was there before. */
  bytes: number
  total: number
  /** `waiting`: another process downloads this file, and its bytes are counted. */
  state: 'downloading' | 'waiting' | 'done'
  /** Of all files of the pull. */
  overallBytes: number
  overallTotal: number
  filesDone: number
  files: number
}

interface Openable {
  /** What to open: a folder, or the one file of a LoRA. Absolute. */
  path: string
  layout?: 'diffusers' | 'modelscope' | 'lora'
  /** Of the weights, where they are not plain: to be asked of the reader as well. */
  variant?: string
  /** Files of the ModelScope layout that the repository has in no form: it cannot be opened alone. */
  missing: string[]
}

export interface PulledModel extends Openable {
  /** A folder or file on this machine was named: then nothing was asked or downloaded, and the rest is absent or empty. */
  local: boolean
  repo?: string
  revision?: string
  commit?: string
  /** Paths of the model's files in the repository. */
  files: string[]
  /** Of these files. */
  bytes: number
  /** Received by this call. */
  downloaded: number
  /** Whether the hub said that the revision is this commit (or the revision is the commit); else the cache's last answer was used. */
  confirmed: boolean
  /** Why the hub did not say so when it was asked, as a sentence. */
  problem?: string
}

export interface FileStatus {
  path: string
  size: number
  /** Bytes that are on disk; `size` when the file is complete. */
  here: number
}

/** One file of int8 weights. */
export interface Int8Copy {
  path: string
  bytes: number
  made: Date
  /** The folder of the model. */
  model: string
  /** Merged into it. */
  adapters: readonly { name: string; scale: number }[]
}

export interface ModelStatus {
  /** `absent`: no byte of it is there; without files nothing is known of it either. */
  state: 'local' | 'complete' | 'partial' | 'absent'
  repo?: string
  revision?: string
  commit?: string
  /** Where it is, or will be. */
  path?: string
  variant?: string
  files: FileStatus[]
  /** Of all files, and of what is on disk of them. */
  bytes: number
  here: number
  /** As in PulledModel. */
  confirmed: boolean
  problem?: string
  /** Its weights in int8 that were made here. */
  int8: Int8Copy[]
  /** Name of its preset. */
  preset?: string
}

export interface CachedRevision {
  commit: string
  /** Branches and tags that stand for it here. */
  refs: string[]
  folder: string
  files: number
  bytes: number
}

export interface CachedModel {
  repo: string
  /** Of the repository in the cache. */
  folder: string
  revisions: CachedRevision[]
  /** On disk, unfinished downloads included; files that revisions share are counted once. */
  bytes: number
  /** Of unfinished downloads. */
  unfinished: number
  /** When a file was last read or written, as far as the file system keeps it. */
  lastUsed: Date
  /** Names of its presets; several for a repository of several adapters. */
  presets: string[]
}

export interface CachedOptions extends HubOptions {
  /** Also models of other kinds that share the cache. Default false. */
  all?: boolean
}

export interface RemovedModel {
  repo: string
  commits: string[]
  files: number
  /** Freed, int8 weights made of it included. */
  bytes: number
}
