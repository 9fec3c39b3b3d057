/**
 * What a server says of itself, whose database answers: on a busy machine it may take longer than `/readyz` waits for it, and
 * each connection that was lost is told once. Then it is asked again.
 */
export const readiness = async (url: string): Promise<{ readonly status: number; readonly text: string }> => {
  for (;;) {
    const answer = await fetch(`${url}/readyz`)
    const text = await answer.text()
    if (!/does not answer|did not answer within/.test(text)) return { status: answer.status, text }
  }
}
