import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nestedEnvironment } from './environment.mjs'

test('a child inherits where packages come from, and nothing else of npm', () => {
  const kept = {
    HOME: '/home/somebody',
    RECORDCAST_TRANSPORTS: 'memory',
    npm_config_registry: 'there',
    NPM_CONFIG_REGISTRY: 'there',
    'npm_config_@scope:registry': 'elsewhere',
    'npm_config_//there/:_authToken': 'secret',
    npm_config_https_proxy: 'proxy',
    npm_config_cache: 'cache',
  }
  const noise = {
    npm_config_user_agent: 'npm',
    npm_config_local_prefix: '/',
    npm_config_verify_deps_before_run: 'false',
    npm_package_name: 'recordcast-workspace',
    npm_lifecycle_event: 'test',
    npm_execpath: 'npm-cli.js',
  }
  const result = nestedEnvironment({ ...kept, ...noise })
  for (const [name, value] of Object.entries(kept)) assert.equal(result[name], value, name)
  for (const name of Object.keys(noise)) assert.equal(name in result, false, name)
  assert.equal(result.TURBO_TELEMETRY_DISABLED, '1')
})
