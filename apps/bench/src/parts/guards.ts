import { compilePattern, createMatcher } from '@recordcast/matcher'
import { compileAttribute } from '@recordcast/protocol/language'
import type { Measure, Part, PartOptions } from '../measure.js'
import { hostileAttributes } from '../workload/hostile-attributes.js'
import { type Hostile, hostileFilters } from '../workload/hostile-filters.js'
import { cpuTime } from './cpu.js'

/** What filters and attributes at their limits, made to do harm, hold up: the event loop stands still meanwhile. */
export const guards: Part = {
  name: 'guards',
  what: 'the longest stall that one hostile filter or attribute can cause',
  *measures(options) {
    yield longest('filter, asked by itself', filters(options), ask, options)
    yield longest('filter, in the index', filters(options), askIndex, options)
    yield longest('attribute', allSizes(options, hostileAttributes), read, options)
  },
}

/** Of whatever an event has most of: from some hundred kilobytes of JSON, where the work is done, to ten megabytes, where it is refused. */
const sizes = [1 << 15, 1 << 18, 1 << 20]

function allSizes<T>({ quick }: PartOptions, make: (size: number) => readonly Hostile<T>[]): readonly Hostile<T>[] {
  return (quick ? [1 << 12] : sizes).flatMap((size) =>
    make(size).map((each) => ({ ...each, name: `${each.name} (${size})` })),
  )
}

const filters = (options: PartOptions) => allSizes(options, hostileFilters)

/** Others may be using the machine: the shortest of so many runs is what the code itself takes. */
const mostRuns = 7

type Run = () => unknown

function longest<Question>(
  name: string,
  cases: readonly Hostile<Question>[],
  prepare: (hostile: Hostile<Question>) => Run,
  { quick }: PartOptions,
): Measure {
  const runs = cases.map((hostile) => ({ name: hostile.name, run: prepare(hostile), least: Number.POSITIVE_INFINITY }))
  const outcomes = new Map<string, number>()
  const slowest = () => runs.toSorted((a, b) => b.least - a.least)
  return {
    name: `longest stall by a hostile ${name}`,
    against: '–',
    unit: 'ms',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 10 }],
    runs: 3,
    ours: () => {
      for (const each of runs) {
        each.least = Number.POSITIVE_INFINITY
        for (let time = 0; time < (quick ? 1 : mostRuns); time++) {
          let outcome: unknown
          const took = cpuTime(() => {
            outcome = each.run()
          })
          each.least = Math.min(each.least, took / 1000)
          if (time === 0) outcomes.set(String(outcome), (outcomes.get(String(outcome)) ?? 0) + 1)
        }
      }
      return slowest()[0]?.least ?? 0
    },
    also: () => ({
      ...Object.fromEntries(
        slowest()
          .slice(0, 4)
          .map((each) => [each.name, each.least]),
      ),
      answers: [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', '),
    }),
  }
}

function ask({ question, event }: Hostile<unknown>): Run {
  const pattern = compilePattern(question)
  return () => {
    try {
      return pattern.matches(event)
    } catch {
      return 'undecided'
    }
  }
}

function askIndex({ question, event }: Hostile<unknown>): Run {
  const matcher = createMatcher<number>()
  matcher.add(1, question)
  return () => {
    let undecided = false
    const found = matcher.match(event, () => {
      undecided = true
    })
    return undecided ? 'undecided' : found.length > 0
  }
}

function read({ question, event }: Hostile<string>): Run {
  const attribute = compileAttribute(question)
  return () => {
    const value = attribute.read(event)
    return value !== null && typeof value === 'object' && 'code' in value ? value.code : 'a value'
  }
}
