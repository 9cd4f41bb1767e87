// Accounts as people meet them: signing in and out, the password, keys that programs use, what administrators do to others, and
// the link with which a new service is set up.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addUser, expectAccessible, newPage, type Person, serviceUrl } from './support/browser.ts'
import { startKinora } from './support/service.ts'

async function signIn(page: Page, { name, password }: Person): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function openAccount(page: Page): Promise<void> {
  await page.goto('/account')
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
}

/** An item of the menu of a user's row. */
async function act(page: Page, name: string, item: string): Promise<void> {
  await page.getByLabel('Search by name').fill(name)
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

test('signs in at the address that was asked for, not with a wrong password, and out', async () => {
  const person = await addUser()
  const page = await newPage({ as: null })
  await page.goto('/account')
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Give your name.').waitFor()

  await signIn(page, { ...person, password: 'not that one' })
  await page
    .getByRole('alert')
    .getByText(/name or the password is wrong/)
    .waitFor()
  expect(await page.getByLabel('Password', { exact: true }).evaluate((field) => field === document.activeElement)).toBe(true)
  await expectAccessible(page)

  await signIn(page, person)
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/account')

  await page.getByRole('button', { name: `Account of ${person.name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  expect((await page.context().request.get('/v1/keys')).status()).toBe(401)
})

test('a password is shown when one wants to see it, by keyboard as well', async () => {
  const page = await newPage({ as: null })
  await page.goto('/')
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('visible words')
  expect(await field.getAttribute('type')).toBe('password')
  await field.press('Tab')
  await page.keyboard.press('Space')
  expect(await field.getAttribute('type')).toBe('text')
  expect(await field.getAttribute('autocomplete')).toBe('current-password')
})

test('changes the password, with which alone one signs in afterwards', async () => {
  const person = await addUser()
  const changed = { ...person, password: 'another horse battery' }
  const page = await newPage({ as: person })
  const elsewhere = await newPage({ as: person })
  await openAccount(page)
  const fill = async (current: string, first: string, again: string) => {
    await page.getByLabel('Current password', { exact: true }).fill(current)
    await page.getByLabel('New password', { exact: true }).fill(first)
    await page.getByLabel('New password again', { exact: true }).fill(again)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await fill(person.password, changed.password, 'something else')
  await page.getByText('The two passwords differ.').waitFor()
  await fill('wrong one', changed.password, changed.password)
  await page.getByText('The current password is wrong.').waitFor()
  await fill(person.password, changed.password, changed.password)
  await page.getByText('Your password is changed.').waitFor()
  expect((await page.context().request.get('/v1/keys')).status()).toBe(200)
  expect((await elsewhere.context().request.get('/v1/keys')).status()).toBe(401)

  const again = await newPage({ as: null })
  await again.goto('/')
  await signIn(again, person)
  await again
    .getByRole('alert')
    .getByText(/password is wrong/)
    .waitFor()
  await signIn(again, changed)
  await again.getByRole('button', { name: `Account of ${person.name}` }).waitFor()
})

test('makes a key, shown and copied once, that works until it is revoked', async () => {
  const person = await addUser()
  const page = await newPage({ as: person, context: { permissions: ['clipboard-read', 'clipboard-write'] } })
  await openAccount(page)
  await page.getByText('You have no keys.').waitFor()
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('laptop')
  await dialog.getByLabel('Make and change videos').uncheck()
  expect(await dialog.getByLabel('Administrate').count()).toBe(0)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Create key' }).click()

  const key = dialog.getByText(/^kinora_[\w-]+$/)
  await key.waitFor()
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Copy' }).first().click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(await key.textContent())
  const asProgram = (method: string) =>
    fetch(`${serviceUrl()}/v1/videos`, {
      method,
      headers: { authorization: `Bearer ${copied}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify({ prompt: 'a red ball' }) }),
    })
  expect((await asProgram('GET')).status).toBe(200)
  expect((await asProgram('POST')).status).toBe(403)

  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByText(copied, { exact: false }).count()).toBe(0)
  await page.getByRole('button', { name: 'Revoke laptop' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('You have no keys.').waitFor()
  expect((await asProgram('GET')).status).toBe(401)
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.textContent === 'API keys')
})

test('an administrator adds a user with limits, who is kept out of the administration, and out of the service when disabled', async () => {
  const admin = await newPage()
  await admin.goto('/admin/users')
  await admin.getByRole('button', { name: 'Add user' }).click()
  const dialog = admin.getByRole('dialog')
  const name = `quota-${Math.random().toString(36).slice(2, 8)}`
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Generate' }).click()
  const password = await dialog.getByLabel('Password').inputValue()
  await dialog.getByLabel('Videos at a time', { exact: true }).selectOption('Another number')
  await expectAccessible(admin)
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByText('Give a whole number.').waitFor()
  await dialog.getByLabel('Videos at a time: number').fill('3')
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await admin.getByText('The user was added.').waitFor()

  const page = await newPage({ as: null })
  await page.goto('/account')
  await signIn(page, { name, password })
  await page.getByText('0 of 3').waitFor()
  await page.getByRole('button', { name: `Account of ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Account' }).waitFor()
  expect(await page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0)
  await page.goto('/admin/users')
  await page.getByRole('heading', { level: 1, name: 'This is for administrators' }).waitFor()
  expect((await page.context().request.get('/v1/admin/users')).status()).toBe(403)

  await act(admin, name, 'Disable')
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await admin.getByText('The user is disabled.').waitFor()
  await page.getByRole('link', { name: 'Queue' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()

  await act(admin, name, 'Enable')
  await admin.getByText('The user may sign in again.').waitFor()
  await signIn(page, { name, password })
  await page.getByRole('button', { name: `Account of ${name}` }).waitFor()
})

test('an administrator ends the key of somebody else, and deletes them by their name', async () => {
  const person = await addUser()
  const page = await newPage({ as: person })
  await openAccount(page)
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('camera')
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('button', { name: 'Done' }).click()

  const admin = await newPage()
  await admin.goto('/admin/keys')
  const dialog = admin.getByRole('dialog')
  await admin.getByRole('button', { name: `Revoke camera of ${person.name}` }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await admin.getByText('The key is revoked.').waitFor()
  await page.reload()
  await page.getByText('You have no keys.').waitFor()

  await admin.getByRole('link', { name: 'Users' }).click()
  await act(admin, person.name, 'Delete')
  await dialog.getByText('They have no videos.').waitFor()
  const remove = dialog.getByRole('button', { name: 'Delete user' })
  expect(await remove.isDisabled()).toBe(true)
  await dialog.getByLabel(/Type the name/).fill(person.name)
  await remove.click()
  await admin.getByText('The user is deleted.').waitFor()
  await admin.getByText('0 users').waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()

  await admin.getByRole('link', { name: 'Log' }).click()
  await admin.getByLabel('What').selectOption('User deleted')
  await admin.getByText('deleted the user').first().waitFor()
})

test('the link of a new service makes its administrator, once, who cannot be the last to leave', async () => {
  const data = await mkdtemp(join(tmpdir(), 'kinora-setup-'))
  const service = await startKinora({ data, env: {} })
  try {
    const token = /\/setup#(\S+)/.exec(service.said())?.[1] ?? ''
    const { url } = service
    const page = await newPage({ as: null, url })
    await page.goto('/library')
    await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor()
    await expectAccessible(page)
    await page.goto('/setup')
    await page.getByText('This page needs the set-up link').waitFor()

    // The same page, so that only what is behind # changes.
    await page.goto(`/setup#${token}`)
    await page.getByLabel('Name').fill('root')
    expect(page.url()).toBe(`${url}/setup`)
    await page.getByLabel('New password', { exact: true }).fill('a b c')
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByText('The password is too short.').waitFor()
    for (const label of ['New password', 'New password again']) await page.getByLabel(label, { exact: true }).fill('first of them all')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByRole('button', { name: 'Account of root' }).waitFor()
    expect(page.url()).toBe(`${url}/`)

    await page.goto('/admin/users')
    await act(page, 'root', 'Disable')
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page
      .getByRole('dialog')
      .getByText(/the last administrator/)
      .waitFor()

    const other = await newPage({ as: null, url })
    await other.goto(`/setup#${token}`)
    await other.getByLabel('Name').fill('second')
    for (const label of ['New password', 'New password again']) await other.getByLabel(label, { exact: true }).fill('too late for this')
    await other.getByRole('button', { name: 'Create the administrator' }).click()
    await other.getByText(/no longer good/).waitFor()
  } finally {
    await service.kill()
    await rm(data, { recursive: true, force: true })
  }
})
