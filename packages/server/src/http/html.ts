/** Text as the value of an attribute between double quotes. */
export const attributeValue = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
