export { announcePause, withdrawPause } from '../announce.js'
export type { Registry, RegistryOptions } from '../registry.js'
export type { Difference, SetAside, Snapshot } from '../snapshot.js'
