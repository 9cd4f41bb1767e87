// The languages of the application. Each is loaded when it is chosen, in two parts; a test (i18n.test.ts) finds what one of
// them lacks.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type english from './en/index.ts'

export const LANGUAGES = { en: 'English', zh: '简体中文' } as const
export type Language = keyof typeof LANGUAGES

/** `first` is what the start page needs, `more` the rest. */
type Part = 'first' | 'more'
type Load = () => Promise<{ default: object }>

const TEXTS: Readonly<Record<Language, Readonly<Record<Part, Load>>>> = {
  en: { first: () => import('./en/first.ts'), more: () => import('./en/more.ts') },
  zh: { first: () => import('./zh/first.ts'), more: () => import('./zh/more.ts') },
}
const KEY = 'kinora.language'
/** Those that are shown at present. */
const parts: Part[] = ['first']

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof english
    enableSelector: false
  }
}

/** Once, before anything is shown. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: {},
    defaultNS: 'common',
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  await chooseLanguage(preferred())
}

/** Kept for the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  await Promise.all(parts.map((part) => load(language, part)))
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Without leave to store, it lasts as long as the page.
  }
}

/** To be awaited by pages that need the second part. */
export async function loadMore(): Promise<void> {
  if (!parts.includes('more')) parts.push('more')
  await load(isLanguage(i18next.language) ? i18next.language : 'en', 'more')
}

async function load(language: Language, part: Part): Promise<void> {
  const { default: texts } = await TEXTS[language][part]()
  for (const [namespace, values] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, values)
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value)
}

/** Chosen before, or the first of the browser's that there is. */
function preferred(): Language {
  const kept = stored()
  if (isLanguage(kept)) return kept
  const wanted = navigator.languages.map((tag) => tag.split('-')[0])
  return wanted.find(isLanguage) ?? 'en'
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
