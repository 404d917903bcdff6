export { type CompiledPattern, compilePattern, type MatchOptions } from './compile-pattern.js'
export type { ExplainedLeaf, Explanation } from './evaluate/describe-leaves.js'
export { explain } from './explain.js'
export type { Alternative, Pattern } from './pattern.js'
