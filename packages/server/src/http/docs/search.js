/**
 * The search above the operations: every word has to be in the path, the summary, the description, or the Korean name, whichever
 * language the page is in. A word such as ALREADY_PAID finds the operations that return this error. Swagger UI's own filter
 * looks at tags and paths only.
 */
export const createSearch = (spec, korean, isKorean) => {
  const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      operation.operationId,
      searchable(path, method, operation, korean[operation.operationId]),
    ]),
  )
  /** The ids of what matches, which does not change until something else is typed. */
  let found = { query: '', ids: new Set() }
  const find = (query) => {
    if (found.query !== query) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean)
      const matches = operations.filter(([, { text, errors }]) =>
        words.every((word) => text.includes(word) || (word.includes('_') && errors.includes(word))),
      )
      found = { query, ids: new Set(matches.map(([id]) => id)) }
    }
    return found.ids
  }
  return {
    plugin: () => pluginFor(find, texts[isKorean ? 'ko' : 'en']),
    begin: (ui) => begin(ui, find, operations.length, texts[isKorean ? 'ko' : 'en']),
  }
}

const searchable = (path, method, operation, korean) => {
  const { operationId, summary, description, tags, responses } = operation
  const text = [method, path, operationId, summary, description, korean, ...tags].join(' ')
  const errors = [...JSON.stringify(responses).matchAll(/"([A-Z_]+)":"#/g)].map(([, type]) => type).join(' ')
  return { text: text.toLowerCase(), errors: errors.toLowerCase() }
}

const texts = {
  en: {
    label: 'Search',
    hint: 'refund, 빌링키, /payments, ALREADY_PAID',
    count: (found, all) => `${found} of ${all} operations`,
    nothing: (query) => `Nothing matches “${query}”. Every word has to be found: try fewer, or other ones.`,
    clear: 'Clear the search',
  },
  ko: {
    label: '검색',
    hint: '취소, billing key, /payments, ALREADY_PAID',
    count: (found, all) => `API ${all}개 중 ${found}개`,
    nothing: (query) => `‘${query}’에 맞는 API가 없습니다. 모든 단어가 들어 있어야 하니 단어를 줄이거나 바꿔 보세요.`,
    clear: '검색어 지우기',
  },
}

/** More than these would take long to draw: their tags stay closed, as before the search. */
const mostShown = 40

const pluginFor = (find, { nothing, clear }) => ({
  fn: {
    // Immutable.js: an ordered map of tags, each with a list of operations.
    opsFilter: (tags, query) => {
      const ids = find(query)
      const idOf = (one) => one.getIn(['operation', 'operationId'])
      // Whoever types a whole id or path sees that operation first.
      const wanted = query.trim().toLowerCase()
      const isMeant = (one) => [idOf(one), one.get('path')].some((name) => name.toLowerCase() === wanted)
      return tags
        .map((tag) =>
          tag.update('operations', (list) =>
            list.filter((one) => ids.has(idOf(one))).sortBy((one) => (isMeant(one) ? 0 : 1)),
          ),
        )
        .filter((tag) => tag.get('operations').size > 0)
        .sortBy((tag) => (tag.get('operations').some(isMeant) ? 0 : 1))
    },
  },
  components: { FilterContainer: () => null },
  wrapComponents: {
    // Where no operation is left, Swagger UI says that the document has none.
    operations:
      (Original, { React, layoutSelectors }) =>
      (props) => {
        const query = layoutSelectors.currentFilter()
        if (!query || find(query).size > 0) return React.createElement(Original, props)
        const button = { type: 'button', className: 'btn', onClick: () => typed('') }
        return React.createElement(
          'div',
          { className: 'nothing-found' },
          React.createElement('p', null, nothing(query)),
          React.createElement('button', button, clear),
        )
      },
  },
  statePlugins: {
    layout: {
      wrapSelectors: {
        isShown: (original, system) => (_state, thing, usual) => {
          const query = system.layoutSelectors.currentFilter()
          const opens =
            thing[0] === 'operations-tag' && typeof query === 'string' && query !== '' && find(query).size <= mostShown
          return original(thing, usual || opens)
        },
      },
    },
  },
})

/** As if it had been typed. */
const typed = (query) => {
  const input = document.querySelector('#search input')
  input.value = query
  input.dispatchEvent(new Event('input'))
  input.focus()
}

const begin = (ui, find, all, { label, hint, count }) => {
  const input = document.querySelector('#search input')
  const output = document.querySelector('#search output')
  document.querySelector('#search label').textContent = label
  input.placeholder = hint
  document.querySelector('#search').hidden = false
  let timer
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const query = input.value.trim()
      output.textContent = query === '' ? '' : count(find(query).size, all)
      document.body.classList.toggle('is-searching', query !== '')
      ui.layoutActions.updateFilter(query)
    }, 150)
  })
}
