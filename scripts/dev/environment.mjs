// What of npm's configuration a nested npx may inherit: where packages come from and how to get there.
// The rest is what the outer npm exports about itself, which an inner npm warns of or obeys by mistake.
const kept =
  /^npm_config_(registry|.*:registry|\/\/.*|cafile|ca|cache|userconfig|globalconfig|(https_?)?proxy|https-proxy|noproxy|strict[_-]ssl)$/i

// Quiet: no update notices, no questions, no telemetry. A build tool has no business on the network.
const quiet = {
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
  npm_config_audit: 'false',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
}

/** The environment of a child: `from` without npm's noise, and without colours where nobody sees them. */
export function nestedEnvironment(from = process.env, isSeen = process.stdout.isTTY === true) {
  const entries = Object.entries(from).filter(([name]) => !/^npm_/i.test(name) || kept.test(name))
  const colours = isSeen || 'FORCE_COLOR' in from ? {} : { NO_COLOR: '1' }
  return { ...Object.fromEntries(entries), ...quiet, ...colours }
}
