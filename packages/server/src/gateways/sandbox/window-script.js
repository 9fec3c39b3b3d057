/**
 * The sandbox PG's script, loaded into our checkout page as a real PG's would be: it shows the PG's window in a frame, and
 * sends the browser to the return address once that is over.
 */
window.SandboxPg = {
  open: ({ url }) => {
    const frame = document.createElement('iframe')
    frame.title = 'PG'
    frame.src = url
    frame.className = 'pg-window'
    addEventListener('message', ({ source, data }) => {
      if (source !== frame.contentWindow || !data?.sandboxPg) return
      const form = document.createElement('form')
      form.method = data.method
      form.action = data.url
      for (const [name, value] of Object.entries(data.fields))
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
      document.body.append(form)
      form.submit()
    })
    document.body.append(frame)
  },
}
