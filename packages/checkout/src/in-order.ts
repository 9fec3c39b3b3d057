/**
 * A text of the shop without the characters that turn others around. What is written from right to left keeps its direction,
 * which lies in its letters; an override would show "1,000" as "000,1", or one name as another.
 */
export const inOrder = (text: string): string => text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
