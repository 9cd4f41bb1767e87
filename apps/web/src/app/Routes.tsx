// Which address shows which page. Each page is a chunk of its own, loaded when it is first shown.

import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { BASE } from '../base.ts'
import { Loading } from '../ui/Loading.tsx'
import { Broken } from './Broken.tsx'
import { Gate } from './Gate.tsx'
import { NotFound } from './NotFound.tsx'
import { Shell } from './Shell.tsx'

const SetupPage = page(() => import('../account/SetupPage.tsx').then((module) => module.SetupPage))

/** Of who is logged in. */
const PAGES: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  '/': page(() => import('../create/CreatePage.tsx').then((module) => module.CreatePage)),
  '/library': page(() => import('../library/LibraryPage.tsx').then((module) => module.LibraryPage)),
  '/compare': page(() => import('../library/ComparePage.tsx').then((module) => module.ComparePage)),
  '/videos/:id': page(() => import('../result/VideoPage.tsx').then((module) => module.VideoPage)),
  '/queue': page(() => import('../queue/QueuePage.tsx').then((module) => module.QueuePage)),
  '/account': page(() => import('../account/AccountPage.tsx').then((module) => module.AccountPage)),
  '/admin/:tab?': page(() => import('../admin/AdminPage.tsx').then((module) => module.AdminPage)),
  '/help': page(() => import('../help/HelpPage.tsx').then((module) => module.HelpPage)),
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

function page(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: await load() }))
}
