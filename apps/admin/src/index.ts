export { type Admin, defaultPort, type StartOptions, startAdmin } from './start.js'
export { noTokens, readTokens, type Tokens } from './tokens.js'
