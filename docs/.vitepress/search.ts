// The search: its index is a file of the site. Chinese is written without spaces, so that words have to be found in it; the
// dialog's own words are translated here.

/**
 * Words of a text: between spaces and punctuation, and Chinese ones as the language's dictionary divides them. It runs when the
 * index is made and again in the reader's browser, to which its source is sent: it uses nothing from outside.
 */
export function tokenize(text: string): string[] {
  const words = text.split(/[\n\r\p{Z}\p{P}]+/u)
  const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('zh', { granularity: 'word' }) : undefined
  return words.flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word)) return [word]
    return segmenter ? [...segmenter.segment(word)].map(({ segment }) => segment) : word.split('')
  })
}

export const CHINESE_SEARCH = {
  button: { buttonText: '搜索', buttonAriaLabel: '搜索文档' },
  modal: {
    displayDetails: '显示详细列表',
    resetButtonTitle: '清除查询',
    backButtonTitle: '关闭搜索',
    noResultsText: '没有找到结果：',
    footer: {
      selectText: '打开',
      selectKeyAriaLabel: '回车键',
      navigateText: '切换',
      navigateUpKeyAriaLabel: '上方向键',
      navigateDownKeyAriaLabel: '下方向键',
      closeText: '关闭',
      closeKeyAriaLabel: 'Esc 键',
    },
  },
}
