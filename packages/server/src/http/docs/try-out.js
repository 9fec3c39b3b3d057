/**
 * Lets every example be sent as it stands: what it takes from an earlier answer, `{{operation.field}}`, is put in from the last
 * answer to that operation.
 */
export const createTryOut = (spec, isKorean) => {
  /** The operations, each with a pattern for the paths that mean it. */
  const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    })),
  )

  /** The last answer to each operation. */
  const answers = new Map()
  /** Which operation was asked at a URL; the answer tells the URL only. */
  const asked = new Map()

  const operationAt = (method, url) => {
    const { pathname } = new URL(url, location.href)
    return operations.find((operation) => operation.method === method && operation.pattern.test(pathname))?.operationId
  }

  const takeValue = (name, field, secret) => {
    if (name === 'apiSecret' && secret) return secret
    const [operation] = name.split('/')
    const value = field?.split('.').reduce((part, key) => part?.[key], answers.get(operation))
    if (value !== undefined) return value
    throw new Error(
      field === undefined
        ? isKorean
          ? `${name} 값을 먼저 입력하세요.`
          : `Enter your ${name} first.`
        : isKorean
          ? `먼저 ${operation} 예제를 실행하세요.`
          : `Send the example of ${operation} first.`,
    )
  }

  const fill = (text, secret, encode) =>
    text.replaceAll(/\{\{([\w/]+)(?:\.([\w.]+))?\}\}/g, (_, name, field) => encode(takeValue(name, field, secret)))

  const requestInterceptor = (request) => {
    if (request.loadSpec) return request
    const given = request.headers.Authorization?.trim()
    // The secret by itself is what one copies.
    if (given && !given.includes(' ')) request.headers.Authorization = `PortOne ${given}`
    const operation = operationAt(request.method, request.url)
    try {
      fillRequest(request, given?.replace(/^PortOne\s+/i, ''))
    } catch (error) {
      return saying(request, error.message)
    }
    // Browsers refuse to send it; the query has it too.
    if (request.method === 'GET') delete request.body
    asked.set(new URL(request.url, location.href).href, operation)
    return request
  }

  const fillRequest = (request, secret) => {
    const url = request.url.replaceAll(/%7B%7B.*?%7D%7D/gi, decodeURIComponent)
    request.url = fill(url, secret, encodeURIComponent)
    const insideString = (value) => JSON.stringify(String(value)).slice(1, -1)
    if (typeof request.body === 'string') request.body = fill(request.body, secret, insideString)
  }

  const responseInterceptor = (response) => {
    const operation = asked.get(new URL(response.url, location.href).href)
    if (operation && response.ok) answers.set(operation, response.obj)
    return response
  }
  return { requestInterceptor, responseInterceptor }
}

/** Swagger UI shows answers, and comes to grief where none is asked for: the message is asked for instead. */
const saying = (request, message) => {
  request.url = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify({ message }))}`
  request.method = 'GET'
  delete request.body
  return request
}
