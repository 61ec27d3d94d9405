import type {FilterName} from '../../../filter/names/name.js'
import {type PacketType, sizeBounds} from '../../../wire/packet.js'
import {offsetText, sizeText, writeLayout} from '../layout.js'
import type {Topic} from './topic.js'
import {fieldFacts, specText} from './type-topic.js'

/** A field of a type, or of the plaintext in its box. @param layout the type, or its plaintext. */
export function fieldTopic(type: PacketType, layout: PacketType, index: number): Topic {
  const {name, spec} = layout.placed[index]!
  const isSealed = layout !== type
  const full = `${type.name}.${name}`
  const place = `${sizeText(spec)} at ${offsetText(layout, index)}${isSealed ? ' of the plaintext in the box' : ''}`
  const least = sizeBounds(spec)[0]
  return {
    kind: 'field',
    name: full,
    brief: `${place}: ${spec.about}`,
    facts: {kind: 'field', name: full, type: type.name, in_box: isSealed, field: fieldFacts(layout, index)},
    write(page) {
      page.title(full, `field of ${type.title}`)
      page.text(`${spec.title}. ${spec.about}`)
      page.line()
      page.text(`${place}, ${specText(spec)}.`)
      page.head(`Layout of ${type.name}`)
      writeLayout(page, type)
      page.head('In a filter')
      if (spec.kind === 'ip_port' || spec.kind === 'node')
        page.text(`${full}, ${full}.ip, ${full}.port, ${full}.family${spec.kind === 'node' ? `, ${full}.pk` : ''}`, 2)
      else
        page.text(
          spec.kind === 'uint' || spec.kind === 'id'
            ? `${full} == 16`
            : `${full}[0:${Math.min(2, Math.max(1, least))}] == ${least > 1 ? '9f2a' : '9f'}`,
          2,
        )
    },
  }
}

/** A name for filters and `-e` that is not a field of a packet type. */
export function filterNameTopic({name, kind, about, words}: FilterName): Topic {
  return {
    kind: 'filter_name',
    name,
    brief: about,
    facts: {kind: 'filter_name', name, value: kind, about, values: words ? [...words] : null},
    write(page) {
      page.title(name, `${kind}, in filters and with -e`)
      page.text(about)
      if (!words) return
      page.head('Values')
      page.text(words.join(', '), 2)
    },
  }
}
