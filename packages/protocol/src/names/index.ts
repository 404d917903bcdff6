export { encodeJson, isJsonObject, type JsonObject } from './json.js'
export { checkName, encodeName, listenerAddress, listenerId, queueOf, sourceAddress } from './names.js'
export { nearestNames } from './nearest.js'
export { quote } from './quote.js'
