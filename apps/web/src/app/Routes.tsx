// Which address shows which page. Each page is a chunk of its own, loaded when it is first shown.

import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { BASE } from '../base.ts'
import { loadMore } from '../i18n/i18n.ts'
import { Loading } from '../ui/Loading.tsx'
import { Broken } from './Broken.tsx'
import { Gate } from './Gate.tsx'
import { NotFound } from './NotFound.tsx'
import { Shell } from './Shell.tsx'

const SetupPage = page(() => withMore(import('../account/SetupPage.tsx')).then((module) => module.SetupPage))

/** Of who is logged in. */
const PAGES: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  '/': page(() => import('../create/CreatePage.tsx').then((module) => module.CreatePage)),
  '/library': page(() => import('../library/LibraryPage.tsx').then((module) => module.LibraryPage)),
  '/compare': page(() => import('../library/ComparePage.tsx').then((module) => module.ComparePage)),
  '/videos/:id': page(() => import('../result/VideoPage.tsx').then((module) => module.VideoPage)),
  '/queue': page(() => withMore(import('../queue/QueuePage.tsx')).then((module) => module.QueuePage)),
  '/account': page(() => withMore(import('../account/AccountPage.tsx')).then((module) => module.AccountPage)),
  '/admin/:tab?': page(() => withMore(import('../admin/AdminPage.tsx')).then((module) => module.AdminPage)),
  '/help': page(() => withMore(import('../help/HelpPage.tsx')).then((module) => module.HelpPage)),
}

export function Routes() {
  return (
    <Router base={BASE.pathname.replace(/\/$/, '')}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/setup" component={SetupPage} />
          <Route>
            <Gate>
              <Shell>
                <Pages />
              </Shell>
            </Gate>
          </Route>
        </Switch>
      </Suspense>
    </Router>
  )
}

function Pages() {
  return (
    <Broken>
      <Suspense fallback={<Loading />}>
        <Switch>
          {Object.entries(PAGES).map(([path, component]) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Broken>
  )
}

/** For pages whose texts are in the second part. */
async function withMore<T>(module: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([module, loadMore()])
  return loaded
}

function page(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: await load() }))
}
