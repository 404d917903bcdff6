export type {
  EmitOptions,
  EmitResult,
  Facts,
  LinkOptions,
  Load,
  LoadContext,
  RecordOptions,
  Source,
  SourceOptions,
  SourceStats,
} from './options.js'
export { createSource } from './source.js'
