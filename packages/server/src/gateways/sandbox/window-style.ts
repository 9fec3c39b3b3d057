/** How the sandbox PG's own window looks: like nobody's in particular, and unlike our page. */
export const windowStyle = `
:root {
  color-scheme: light dark;
  --ground: #eef1f5;
  --sheet: #fff;
  --ink: #16191f;
  --soft: #5a6270;
  --line: #d8dde5;
  --main: #0f6b5c;
  --on-main: #fff;
  font: 16px/1.5 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", sans-serif;
  word-break: keep-all;
  overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1015;
    --sheet: #181c23;
    --ink: #f0f2f6;
    --soft: #a9b1be;
    --line: #39414e;
    --main: #58c9b4;
    --on-main: #06231e;
  }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; padding: 24px 16px; background: var(--ground); color: var(--ink) }
main {
  max-width: 400px;
  margin: 0 auto;
  padding: 24px 20px;
  border-top: 4px solid var(--main);
  border-radius: 14px;
  background: var(--sheet);
}
h1 { margin: 0 0 16px; font-size: 20px; line-height: 1.3 }
p { margin: 0; color: var(--soft) }
.amount { color: var(--ink); font-size: 24px; font-weight: 700 }
label { display: grid; gap: 6px; margin-top: 16px; font-size: 14px; font-weight: 600 }
input, select {
  width: 100%;
  min-height: 48px;
  padding: 0 14px;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--sheet);
  color: var(--ink);
  font: inherit;
  font-size: 16px;
  font-weight: 400;
}
button {
  width: 100%;
  min-height: 52px;
  margin-top: 12px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: none;
  color: var(--ink);
  font: inherit;
  font-weight: 700;
  cursor: pointer;
}
label + button { margin-top: 24px; border: 0; background: var(--main); color: var(--on-main) }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
`
