// The models that can be asked for: those of the configuration that workers have announced. A server opens none itself.

import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { models } from '../db/schema.ts'
import type { ModelDescription } from '../db/values.ts'
import { ServerError } from '../errors.ts'

/** How long a look-up is believed: workers announce seldom, requests come often. */
const FRESH_MS = 2000
/** Clients of OpenAI's API may send its own names without being asked to. */
const OPENAI = /^sora-/

const remembered = new WeakMap<Database, { readonly at: number; readonly found: Promise<ModelDescription[]> }>()

/** Every model that was ever announced, by name. */
function knownModels(db: Database): Promise<ModelDescription[]> {
  const known = remembered.get(db)
  if (known && performance.now() - known.at < FRESH_MS) return known.found
  const found = db
    .select({ description: models.description })
    .from(models)
    .orderBy(models.name)
    .then((rows) => rows.map(({ description }) => description))
  remembered.set(db, { at: performance.now(), found })
  found.catch(() => remembered.delete(db))
  return found
}

/** Those that are offered here: the configuration's, in its order, the default first. */
export async function offeredModels({ db, config }: Needs): Promise<ModelDescription[]> {
  const known = await knownModels(db)
  return config.models.flatMap(({ name }) => known.find((model) => model.name === name) ?? [])
}

interface Needs {
  readonly db: Database
  readonly config: Config
}

/** The model of that name, or the default one. Throws ServerError for one that is not offered, or that no worker announced yet. */
export async function findModel({ db, config }: Needs, wished: string | undefined): Promise<ModelDescription> {
  const names = config.models.map(({ name }) => name)
  const name = wished === undefined || (OPENAI.test(wished) && !names.includes(wished)) ? names[0]! : wished
  if (!names.includes(name))
    throw new ServerError(`there is no model ${JSON.stringify(name.slice(0, 100))}: take one of ${names.join(', ')}`, {
      status: 404,
      code: 'model_not_found',
      param: 'model',
    })
  const found = (await knownModels(db)).find((model) => model.name === name)
  if (found) return found
  throw new ServerError(`no worker has opened the model ${name} yet: ask again when one has`, {
    status: 503,
    code: 'model_not_ready',
    param: 'model',
    retryAfter: 5,
  })
}
