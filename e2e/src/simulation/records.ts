import { defineRecord } from 'recordcast'
import { z } from 'zod'

/** The record types of the simulated world: forge owns person, repo and issue, wiki owns page. */
const person = defineRecord('person', z.object({ login: z.string(), team: z.string() }))
const repo = defineRecord(
  'repo',
  z.object({ name: z.string(), stars: z.number(), archived: z.boolean(), ownerId: z.string() }),
)
const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    state: z.string(),
    size: z.number(),
    labels: z.array(z.string()),
    repositoryId: z.string(),
    authorId: z.string(),
  }),
)
const page = defineRecord('page', z.object({ title: z.string(), text: z.string(), editorId: z.string() }))

export const records = { person, repo, issue, page }
export type RecordName = keyof typeof records

export type Kind = 'created' | 'changed' | 'deleted' | 'labelled'
export type Image = Readonly<Record<string, unknown>>
export type Tenant = string | undefined

export const tenants: readonly Tenant[] = ['red', 'blue', undefined]
export const services = ['forge', 'wiki'] as const
export type Service = (typeof services)[number]

export const owner: Readonly<Record<RecordName, Service>> = {
  person: 'forge',
  repo: 'forge',
  issue: 'forge',
  page: 'wiki',
}
export const ids: Readonly<Record<RecordName, readonly string[]>> = {
  person: ['p1', 'p2'],
  repo: ['r1', 'r2'],
  issue: ['i1', 'i2', 'i3', 'i4'],
  page: ['g1', 'g2'],
}

/** Links of each type: which fact is the key, which record it leads to, and what the source knows of that type. */
export interface LinkOf {
  readonly key: string
  readonly to: RecordName
  /** Whether the source is told the linked record's type: then its events refresh the cache and its own links are followed. */
  readonly typed: boolean
  readonly ttlMs: number
}
export const links: Readonly<Record<RecordName, Readonly<Record<string, LinkOf>>>> = {
  person: {},
  repo: { owner: { key: 'ownerId', to: 'person', typed: true, ttlMs: 0 } },
  issue: {
    repository: { key: 'repositoryId', to: 'repo', typed: true, ttlMs: 4000 },
    author: { key: 'authorId', to: 'person', typed: true, ttlMs: 1000 },
  },
  page: { editor: { key: 'editorId', to: 'person', typed: false, ttlMs: 1500 } },
}

/** A loader may take so long in all, waiting in line included. */
export const loaderTimeoutMs = 400
export const mostLoaderMs = 8 * loaderTimeoutMs
