import Type from 'typebox'

export const PlatformTransferSheet = Type.String({
  $id: 'PlatformTransferSheet',
  description: 'A sheet in CSV, after RFC 4180 and in UTF-8: a line of headings, then a line for each transfer.',
})
