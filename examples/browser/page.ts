// Lists the records of a capture that is dropped on the page: nothing leaves the browser.
// npx esbuild page.ts --bundle --format=esm --outfile=page.js
import {isCapture} from 'toxtcp/capture'
import {readCapture} from 'toxtcp/session'
import {InputError} from 'toxtcp/wire'

const element = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!

async function list(files: readonly File[]): Promise<void> {
  let capture: Uint8Array | undefined
  let keylog: string | undefined
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (isCapture(bytes)) capture = bytes
    else keylog = await file.text()
  }
  if (!capture) throw new InputError('none of the files is a capture')
  let count = 0
  for await (const record of readCapture(capture, {keylog})) {
    const row = document.createElement('tr')
    for (const text of [record.number, record.time?.toISOString(), record.from, record.type ?? record.kind])
      row.insertCell().textContent = String(text ?? '')
    element('records').append(row)
    count++
  }
  element('status').textContent = `${count} records`
}

element('drop').addEventListener('dragover', event => event.preventDefault())
element('drop').addEventListener('drop', event => {
  event.preventDefault()
  list([...(event.dataTransfer?.files ?? [])]).catch(error => {
    element('status').textContent = String(error)
  })
})
