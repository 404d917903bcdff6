import type { Shape } from './shapes/index.js'

type Explained = Shape<'explain'>
type Told = Omit<Explained, 'fate' | 'because'>
type Answer = NonNullable<Explained['answers'][number]['answer']>

/*
The answer in one word and in sentences. What is certain comes first: a parked copy lies on the shelf whatever sources say; then what a source that remembers the event did
about the queue; then what any source says of the subscription. Several sets stand on a queue while a deploy rolls: the event went if one of them wanted it.
*/
export function concludeFrom(told: Told, missing: boolean, isSample: boolean): Pick<Explained, 'fate' | 'because'> {
  const because: string[] = []
  const answers = told.answers.flatMap(({ service, answer }) => (answer === undefined ? [] : [{ service, answer }]))
  const { parked } = told
  if (parked !== undefined) {
    because.push(
      `It is parked since ${parked.parkedAt}, after ${parked.attempts} ${parked.attempts === 1 ? 'attempt' : 'attempts'}: ${parked.code}: ${parked.message}`,
    )
  }
  const rank = ['delivered', 'pending', 'failed', 'gone', 'held-back', 'would-go', 'not-subscribed', 'unknown'] as const
  const fates = answers.map(({ service, answer }) => ({ ...fateOf(service, answer, isSample) }))
  const best = rank.find((fate) => fates.some((each) => each.fate === fate)) ?? 'unknown'
  const decisive = fates.filter(({ fate }) => fate === best)
  because.push(...new Set(decisive.flatMap((each) => each.because)))
  if (best === 'delivered' || best === 'pending' || best === 'would-go') because.push(...aboutQueue(told, missing))
  if (because.length === 0)
    because.push(answers.length === 0 ? 'No source could be asked' : 'No source remembers the event')
  return { fate: parked === undefined ? best : 'parked', because }
}

function fateOf(service: string, answer: Answer, isSample: boolean): Pick<Explained, 'fate' | 'because'> {
  const { verdict, reasons, remembered, outcome, goes } = answer
  if (verdict === 'refused') {
    return {
      fate: 'not-subscribed',
      because: [`${service} refuses the subscription: ${reasons.map(({ message }) => message).join('; ')}`],
    }
  }
  const refused = outcome === undefined && goes === undefined
  if (verdict === 'none' && refused && (remembered || isSample))
    return { fate: 'not-subscribed', because: ['The listener has no subscription to events of this type'] }
  if (verdict === 'unknown-listener' && refused)
    return { fate: 'not-subscribed', because: [`${service} has not taken in the listener's announcement yet`] }
  if (outcome !== undefined) return fateOfOutcome(service, answer, outcome)
  if (goes === true)
    return {
      fate: isSample ? 'would-go' : 'delivered',
      because: [isSample ? 'It would go into the queue' : `${service} put it into the queue`],
    }
  if (goes === false) return { fate: 'held-back', because: checksOf(answer) }
  return { fate: 'unknown', because: [] }
}

function fateOfOutcome(
  service: string,
  answer: Answer,
  { outcome, ms, problem }: NonNullable<Answer['outcome']>,
): Pick<Explained, 'fate' | 'because'> {
  switch (outcome) {
    case 'delivered':
      return {
        fate: outcome,
        because: [
          `${service} put it into the queue${ms === undefined ? '' : ` ${Math.round(ms)} ms after the emit`}, confirmed by the broker`,
        ],
      }
    case 'pending':
      return { fate: outcome, because: [`${service} has not decided yet, or waits for the broker`] }
    case 'failed':
      return {
        fate: outcome,
        because: [`${service} could not put it into the queue: ${problem?.message ?? 'not confirmed in time'}`],
      }
    case 'gone':
      return { fate: outcome, because: [`${service} found no such queue`] }
    default: {
      const checks = checksOf(answer)
      return { fate: 'held-back', because: checks.length > 0 ? checks : [`${service} held it back: ${outcome}`] }
    }
  }
}

/** One sentence for each check that did not hold. */
function checksOf({ tenant, filter, changed }: Answer): string[] {
  const because: string[] = []
  if (tenant?.held === false) {
    const wanted = tenant.wanted === 'all' ? 'all' : tenant.wanted.join(', ')
    because.push(
      `Its tenant ${tenant.found === undefined ? 'is none' : `"${tenant.found}" is not wanted`}; the listener may have: ${wanted}`,
    )
  }
  if (filter?.held === false) {
    for (const { path, wanted, found, held } of filter.leaves) {
      if (!held)
        because.push(
          `The filter wants ${path.join('.')} ${wanted.map((each) => JSON.stringify(each)).join(' or ')}, found ${found.length === 0 ? 'nothing' : found.map((each) => JSON.stringify(each)).join(', ')}`,
        )
    }
    if (filter.onlyInDifferentElements) because.push('Each condition holds, but not in the same element of the list')
  }
  if (changed?.held === false)
    because.push(`None of the attributes that it compares changed: ${changed.compared.join(', ')}`)
  return because
}

function aboutQueue({ queue: { paused, depth } }: Told, missing: boolean): string[] {
  if (missing) return ['The queue is not there now']
  return [
    ...(paused ? ['The listener is paused: nobody takes from the queue'] : []),
    ...(depth !== undefined && !depth.attended && !paused
      ? [`Nobody takes from the queue: the listener is away, ${depth.ready} events wait`]
      : []),
    ...(depth?.attended
      ? [`The listener is there; ${depth.ready} events wait in the queue and ${depth.unsettled} are being handled`]
      : []),
  ]
}
