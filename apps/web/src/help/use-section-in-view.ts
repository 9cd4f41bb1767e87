// Which section is being read: the last one whose beginning has passed the upper edge, or the last of all at the page's end,
// which a short one never reaches.

import { useEffect, useState } from 'react'

/** From the window's upper edge in pixels; the header covers some of it. */
const EDGE = 160

export function useSectionInView<Name extends string>(names: readonly Name[]): Name | undefined {
  const [name, setName] = useState<Name>()
  useEffect(() => {
    const look = () => setName(inView(names))
    look()
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [names])
  return name
}

function inView<Name extends string>(names: readonly Name[]): Name | undefined {
  const { scrollHeight } = document.documentElement
  const isAtEnd = window.scrollY > 0 && window.scrollY + window.innerHeight >= scrollHeight - 2
  const passed = (name: string) => (document.getElementById(name)?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY) <= EDGE
  return isAtEnd ? names.at(-1) : names.findLast(passed)
}
