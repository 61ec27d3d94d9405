import type {Cells} from './cells.js'
import {draw} from './draw.js'
import type {BrowseEvent, Effect} from './event.js'
import {bindingOf} from './keys/bindings.js'
import {clickAt, scrollAt} from './mouse.js'
import {BrowserState} from './state.js'

/** Number of lines that the wheel scrolls at once. */
const wheelLines = 3

/**
 * The view of a capture: events in, cells and effects out. It knows no terminal, no file and no clock; what takes long
 * it does a piece at a time, when it is asked to.
 */
export class Browser extends BrowserState {
  /** Take what happened. @returns what is to be done about it outside. */
  take(event: BrowseEvent): readonly Effect[] {
    this.settle()
    switch (event.kind) {
      case 'key':
        this.#key(event.key)
        break
      case 'paste':
        if (this.prompt) this.prompt.paste(event.text)
        else this.say('pasted text is not taken for keys; press / first')
        break
      case 'mouse':
        if (event.action === 'press') clickAt(this, event.x, event.y)
        else scrollAt(this, event.x, event.y, event.action === 'up' ? -wheelLines : wheelLines)
        break
      case 'resize':
        this.width = event.width
        this.height = event.height
        break
      case 'progress':
        this.share = event.share
        break
      case 'loaded':
        this.isLoaded = true
        this.work(() => true)
        this.isFollowing = false
        this.totals = event.totals
        this.share = undefined
        break
      case 'interception':
        this.interception = event.interception
        break
      case 'notice':
        this.notice({text: event.text, isProblem: event.isProblem})
    }
    const effects = this.effects
    this.effects = []
    return effects
  }

  draw(): Cells {
    this.settle()
    return draw(this)
  }

  #key(key: string): void {
    this.message = undefined
    const {prompt, awaited} = this
    if (prompt) {
      if (prompt.take(key) && this.prompt === prompt) this.prompt = undefined
      return
    }
    if (awaited) {
      this.awaited = undefined
      awaited(key)
      return
    }
    if (/^[0-9]$/.test(key) && (key !== '0' || this.count !== '')) {
      this.count = (this.count + key).slice(0, 9)
      return
    }
    const count = this.count === '' ? undefined : Number(this.count)
    this.count = ''
    const binding = bindingOf(this, key)
    if (binding) binding.run(this, count)
    else this.say(`${key} has no meaning here; ? lists the keys`)
  }
}
