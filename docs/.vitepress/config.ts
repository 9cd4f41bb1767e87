// The documentation site: static pages that ask no other origin for anything, English at the root and Chinese under zh/.
// KINORA_DOCS_BASE is the path that it will stand under ('/kinora/'); KINORA_DOCS_REPOSITORY is the address of the source
// ('https://example.org/kinora'), which turns on links to it. scripts/check-site.ts looks at what comes out.

import { defineConfig } from 'vitepress'
import { linksThatLeave } from './links.ts'
import { navigation, sidebar } from './navigation.ts'
import { CHINESE_SEARCH, tokenize } from './search.ts'

const base = process.env.KINORA_DOCS_BASE ?? '/'
const repository = process.env.KINORA_DOCS_REPOSITORY

const DESCRIPTION = 'Text-to-video in TypeScript: a library, a command line, a service and a web application.'
const CHINESE_DESCRIPTION = '用 TypeScript 实现的文生视频：库、命令行、服务与网页应用。'

/** Of the source of a page. */
const edit = (text: string) => (repository === undefined ? {} : { editLink: { pattern: `${repository}/edit/main/docs/:path`, text } })

export default defineConfig({
  base,
  title: 'Kinora',
  description: DESCRIPTION,
  srcExclude: ['test/**', 'scripts/**'],
  head: [
    ['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#0f766e' }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    image: { lazyLoading: true },
    config: (markdown) => {
      markdown.use(linksThatLeave, repository)
    },
  },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    logo: '/icon.svg',
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: { miniSearch: { options: { tokenize } }, locales: { zh: { translations: CHINESE_SEARCH } } },
    },
    ...(repository !== undefined && { socialLinks: [{ icon: 'github', link: repository }] }),
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { nav: navigation('en'), sidebar: sidebar('en'), ...edit('Edit this page') } },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      description: CHINESE_DESCRIPTION,
      themeConfig: {
        nav: navigation('zh'),
        sidebar: sidebar('zh'),
        ...edit('编辑此页'),
        outline: { level: [2, 3], label: '本页目录' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色模式',
        darkModeSwitchTitle: '切换到深色模式',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '返回顶部',
        langMenuLabel: '切换语言',
        skipToContentLabel: '跳到正文',
        notFound: {
          title: '页面不存在',
          quote: '地址可能有误，或页面已移动。可从首页重新开始，或使用搜索。',
          linkLabel: '返回首页',
          linkText: '返回首页',
        },
      },
    },
  },
})
