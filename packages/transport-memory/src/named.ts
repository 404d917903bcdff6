import { createMemoryBus, groundOf, type MemoryBus, type MemoryBusOptions } from './bus.js'

const named = new Map<string, MemoryBus>()

/**
 * The bus of that name in this process, made with `options` if there is none: what 'memory://name' stands for.
 * It is forgotten, with all that is in it, when the last transport that joined it has closed.
 */
export function memoryBusNamed(name: string, options?: MemoryBusOptions): MemoryBus {
  const there = named.get(name)
  if (there !== undefined) return there
  const bus = createMemoryBus(options)
  named.set(name, bus)
  groundOf(bus).deserted = () => {
    if (named.get(name) === bus) named.delete(name)
  }
  return bus
}
