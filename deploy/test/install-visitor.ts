// Somebody at the installed service's address: logs in as a browser does, asks for a video, and looks at what comes.

export interface Visitor {
  /** Asks for a video and waits for its end. Resolves to its id. */
  makeVideo(prompt: string, model?: string): Promise<string>
  content(id: string): Promise<Buffer>
  /** Names of the models on offer, the default first. */
  models(): Promise<string[]>
}

interface Account {
  readonly name: string
  readonly password: string
}

export async function logIn(url: string, { name, password }: Account): Promise<Visitor> {
  const answer = await tryLogIn(url, { name, password })
  const { csrf_token: csrf } = (await good(answer)) as { csrf_token: string }
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]!)
  const headers = { 'content-type': 'application/json', cookie: cookie.join('; '), 'x-csrf-token': csrf }
  const ask = async (at: string, body?: object) =>
    fetch(`${url}${at}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
  const status = async (id: string) => ((await good(await ask(`/v1/videos/${id}`))) as { status: string }).status
  return {
    async makeVideo(prompt, model) {
      const wish = { prompt, num_inference_steps: 2, ...(model && { model }) }
      const { id } = (await good(await ask('/v1/videos', wish))) as { id: string }
      for (let now = ''; now !== 'completed'; now = await status(id)) {
        if (now === 'failed') throw new Error(`the video of "${prompt}" failed`)
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      return id
    },
    async content(id) {
      const video = await ask(`/v1/videos/${id}/content`)
      if (!video.ok) throw new Error(`${video.url} answered ${video.status}`)
      return Buffer.from(await video.arrayBuffer())
    },
    async models() {
      const { data } = (await good(await ask('/v1/models'))) as { data: { id: string }[] }
      return data.map(({ id }) => id)
    },
  }
}

export function tryLogIn(url: string, account: Account): Promise<Response> {
  return fetch(`${url}/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) })
}

async function good(answer: Response): Promise<unknown> {
  if (answer.ok) return answer.json()
  throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
}
