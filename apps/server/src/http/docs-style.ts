// The look of the reference page, light and dark after the reader's own setting.

export const STYLE = `
:root {
  color-scheme: light dark;
  --back: light-dark(#fbfbfa, #16181c);
  --raised: light-dark(#ffffff, #1e2126);
  --line: light-dark(#e2e2df, #33373e);
  --text: light-dark(#1d2024, #e6e7e9);
  --soft: light-dark(#5c626b, #a2a8b1);
  --accent: light-dark(#4a3fb5, #aaa3ff);
  --code: light-dark(#f1f0ee, #272b31);
  --get: light-dark(#0a6b4b, #57d3a3);
  --post: light-dark(#2457b8, #86b3ff);
  --patch: light-dark(#8a5a00, #e9b64d);
  --delete: light-dark(#ad2b2b, #ff8f8f);
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; display: grid; grid-template-columns: 19rem minmax(0, 1fr);
  background: var(--back); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: .875em; }
code { background: var(--code); border-radius: 4px; padding: .1em .35em; }
pre { background: var(--code); border-radius: 8px; padding: 1rem; overflow-x: auto; }
pre code { padding: 0; background: none; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .5rem 1rem; z-index: 1; }
nav {
  position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto;
  padding: 1.5rem 1rem 2rem 1.5rem; border-right: 1px solid var(--line); background: var(--raised); font-size: .875rem;
}
nav .brand { margin: 0 0 1rem; font-size: 1.25rem; font-weight: 700; letter-spacing: -.01em; }
nav .brand span { font-size: .8rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
nav h2 { margin: 1.25rem 0 .25rem; font-size: .75rem; text-transform: uppercase; letter-spacing: .08em; color: var(--soft); border: 0; padding: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: .5rem; align-items: baseline; padding: .25rem .4rem; border-radius: 6px; color: inherit; text-decoration: none; }
nav li a:hover { background: var(--code); }
main { padding: 2rem clamp(1rem, 4vw, 4rem) 6rem; max-width: 62rem; }
h1 { font-size: 2rem; letter-spacing: -.02em; line-height: 1.2; margin: 0 0 1rem; }
h2 { margin: 3.5rem 0 .5rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-size: 1.5rem; letter-spacing: -.01em; text-transform: capitalize; }
h3 { margin: 0; font-size: 1.15rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: 1.25rem 0 .25rem; font-size: .9rem; color: var(--soft); font-weight: 600; }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0 0 0 1.25rem; }
article { margin: 1.25rem 0; padding: 1.25rem 1.5rem; background: var(--raised); border: 1px solid var(--line); border-radius: 12px; }
article:target { border-color: var(--accent); }
.call { margin: .4rem 0 .75rem; overflow-wrap: anywhere; }
.method { display: inline-block; flex: none; min-width: 3.8em; font: 700 .72rem/1.4 ui-monospace, Menlo, Consolas, monospace; text-transform: uppercase; }
.get { color: var(--get); } .post { color: var(--post); } .patch, .put { color: var(--patch); } .delete { color: var(--delete); }
.note { color: var(--soft); font-size: .8rem; font-weight: 400; white-space: nowrap; }
.answer { margin: .3rem 0; font-size: .925rem; }
.status { display: inline-block; min-width: 2.6em; font-weight: 700; font-variant-numeric: tabular-nums; }
.s2, .s3 { color: var(--get); } .s4 { color: var(--patch); } .s5 { color: var(--delete); }
summary { cursor: pointer; }
article > details:last-child { margin-top: 1rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; font-size: .9rem; font-weight: 600; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); }
tbody th { font-weight: 400; min-width: 11rem; }
td { min-width: 8rem; overflow-wrap: anywhere; }
.depth1 { padding-left: 1.25rem; } .depth2 { padding-left: 2.5rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem; }
  main { padding-top: 1.5rem; }
  article { padding: 1rem; }
}
@media print {
  nav, .skip { display: none; }
  body { display: block; }
}
`.trimStart()
