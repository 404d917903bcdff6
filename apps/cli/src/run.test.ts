import { expect, test } from 'vitest'
import { runHere } from './testdata/run-here.js'

const commands = [
  ...[
    'ls',
    'show',
    'attributes',
    'impact',
    'check',
    'explain',
    'pause',
    'resume',
    'withdraw',
    'orphans',
    'tail',
    'emit',
  ],
  ...['catalogue', 'admin', 'completion', 'parked ls', 'parked show', 'parked replay', 'parked drop'],
]

test.each(commands)(
  '%s --help has examples and the options of every command, and fits the terminal',
  async (command) => {
    const { code, stdout, stderr } = await runHere([...command.split(' '), '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: recordcast ${command}\\b`))
    expect(stdout).toMatch(new RegExp(`^Examples:\n {2}\\$ recordcast ${command.split(' ')[0]}\\b`, 'm'))
    expect(stdout).toContain('--broker <url>')
    const [description] = stdout.split('\nExamples:')
    expect(description?.split('\n').filter((line) => line.length > 100)).toEqual([])
  },
)

test('every command that there is has been asked for its help', async () => {
  const { code, stdout } = await runHere(['--help'])
  expect(code).toBe(0)
  const listed = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
  const asked = new Set(commands.map((command) => command.split(' ')[0]))
  expect(listed.filter((name) => name !== 'help' && name !== 'parked')).toEqual(
    [...asked].filter((n) => n !== 'parked').sort(by(listed)),
  )
  expect(stdout).toMatch(/^Exit codes:\n {2}0 /m)
})

const by =
  (order: readonly (string | undefined)[]) =>
  (a: string | undefined, b: string | undefined): number =>
    order.indexOf(a) - order.indexOf(b)

test('without a command the help goes to stderr, with 2', async () => {
  const { code, stdout, stderr } = await runHere([])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^Usage: recordcast /)
})

test('--version tells the version', async () => {
  expect(await runHere(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
})

test('with --json an error is JSON too, in one line', async () => {
  const { code, stderr } = await runHere(['tail', 'issue', '--json'])
  expect(code).toBe(2)
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(JSON.parse(stderr)).toEqual({
    error: {
      ...{ code: 'usage', message: '"issue" is no event type', found: 'issue' },
      expected: 'record.kind, such as issue.changed or issue.labelled',
    },
  })
})
