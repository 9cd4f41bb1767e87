// What the reference says around what the program says of itself, in each language. Names and descriptions stay English in
// both, since they are those of the code; the Chinese pages say so.

interface Section {
  readonly heading: string
  /** Beginnings of the pages' paths. */
  readonly prefix: readonly string[]
}

export interface Words {
  readonly title: string
  readonly about: string
  /** Under every title. */
  readonly origin: string
  /** Of pages, by their English one; what is absent stays. */
  readonly titles: Readonly<Record<string, string>>
  readonly sections: readonly Section[]
  readonly frontmatter: string
}

const FRONTMATTER = '---\neditLink: false\nlastUpdated: false\noutline: [2, 3]\n---\n\n'

export const ENGLISH: Words = {
  title: 'Reference',
  about: 'Made from the program itself, so that it says what this version does.',
  origin: '',
  titles: {},
  sections: [
    { heading: 'Library', prefix: ['library/'] },
    { heading: 'Command line and service', prefix: ['command-line', 'http/index', 'settings'] },
  ],
  frontmatter: FRONTMATTER,
}

export const CHINESE: Words = {
  title: '参考手册',
  about: '本手册由程序自身生成，因此与当前版本的实际行为一致。',
  origin: '::: info 说明\n本页直接取自源代码与程序输出，其中的名称和说明保留英文原文。\n:::',
  titles: {
    Pipelines: '管线（Pipelines）',
    Schedulers: '调度器（Schedulers）',
    Media: '媒体（Media）',
    Checkpoints: '检查点（Checkpoints）',
    'Tensors and devices': '张量与设备（Tensors and devices）',
    Errors: '错误（Errors）',
    'Command line': '命令行',
    'HTTP API': 'HTTP API',
    Settings: '服务设置',
    Videos: '视频（Videos）',
    Queue: '队列（Queue）',
    Models: '模型（Models）',
    Account: '账户（Account）',
    Admin: '管理（Admin）',
    Operation: '运维（Operation）',
  },
  sections: [
    { heading: '库', prefix: ['library/'] },
    { heading: '命令行与服务', prefix: ['command-line', 'http/index', 'settings'] },
  ],
  frontmatter: FRONTMATTER,
}
