/** Text in HTML: nothing in it is markup. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

type Field = { readonly label: string; readonly name: string; readonly autocomplete: string; readonly value?: string }

/** A field that has to be filled in. */
export const field = ({ label, name, autocomplete, value = '' }: Field): string =>
  `<label>${label}<input name="${name}" autocomplete="${autocomplete}" required value="${escaped(value)}"></label>`

/** The options of a select. */
export const optionsOf = (names: Readonly<Record<string, string>>, chosen: string | undefined): string =>
  Object.entries(names)
    .map(([code, name]) => `<option value="${code}"${code === chosen ? ' selected' : ''}>${name}</option>`)
    .join('')
