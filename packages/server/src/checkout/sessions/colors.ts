/**
 * A colour that may stand in a style: hex, `rgb()`, `hsl()` with plain numbers, or a name. Anything else could be more
 * than a colour.
 */
export const isColor = (text: string): boolean =>
  /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(text) ||
  /^(rgb|hsl)a?\((\s*[\d.]+(%|deg)?\s*[,/\s]?){3,4}\)$/i.test(text) ||
  /^[a-z]{3,24}$/i.test(text)
