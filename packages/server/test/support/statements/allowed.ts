/**
 * The statements that may break a rule, each with its reason; white space counts as one space. A new one belongs here only
 * where no tenant is known, or a person waits for it at a terminal.
 */
export const allowed: readonly { readonly statement: RegExp; readonly reason: string }[] = []
