/** What of a header stands in the delivery's row besides. */
type Row = { readonly webhookId: string; readonly contentType: string }

/**
 * The headers that were sent as they are kept, one a line: without those that the row has as columns, which are a tenth of a
 * delivered webhook. The rest stays text that SQL can read.
 */
export const keptHeader = (headers: Readonly<Record<string, string>>): string =>
  lines(headers)
    .filter((line) => !/^(content-type|webhook-id): /.test(line))
    .join('\n')

/** The headers as they were sent. Earlier versions kept all of them. */
export const sentHeader = (kept: string, { webhookId, contentType }: Row): string => {
  if (kept.startsWith('content-type: ')) return kept
  const [userAgent = '', ...rest] = kept.split('\n')
  return [`content-type: ${contentType}`, userAgent, `webhook-id: ${webhookId}`, ...rest].join('\n')
}

const lines = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
