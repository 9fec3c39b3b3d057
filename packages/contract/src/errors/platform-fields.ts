import { array, string } from '../schema.ts'

/** Which of the things that a request names are meant. */
export const those = (things: string) => ({
  ids: array(string('An id.'), `The ids of these ${things}.`),
  graphqlIds: array(string('An opaque id.'), 'Their opaque ids, in the same order.'),
})

export const graphqlId = string('Its opaque id.')
