/** What all operations of the control API have in common. */
export const control = { category: 'sandbox', authenticated: true } as const
