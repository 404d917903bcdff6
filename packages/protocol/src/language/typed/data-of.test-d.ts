import { expectTypeOf, test } from 'vitest'
import type { AttributesInput } from '../selection.js'
import type { Checked, DataOf } from './data-of.js'
import type { Wrong } from './scan.js'

interface Issue {
  id: string
  title: string
  body?: string | undefined
  state: 'open' | 'closed'
  size: number | null
  locked: boolean
  created: Date
  author: { id: number; login: string; team?: { name: string } } | null
  labels: { name: string; color: string | null }[]
  assignees?: (string | null)[]
  grid: number[][]
  mixed: string | { text: string }
  free: unknown
  loose: { known: string; [key: string]: unknown }
  counts: Record<string, number>
  'odd name': { 'a.b': 1 }
  0: 'zero'
}

/** The value of a single expression. */
type Of<Text extends string> = DataOf<Issue, { it: Text }>['it']

test('paths read what stands there; what may be absent is null, never undefined', () => {
  expectTypeOf<Of<'title'>>().toEqualTypeOf<string>()
  expectTypeOf<Of<'body'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'state'>>().toEqualTypeOf<'open' | 'closed'>()
  expectTypeOf<Of<'size'>>().toEqualTypeOf<number | null>()
  expectTypeOf<Of<'author.login'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<' author . team . name '>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'author'>>().toEqualTypeOf<Issue['author']>()
  expectTypeOf<Of<'author?json'>>().toEqualTypeOf<Issue['author']>()
  expectTypeOf<Of<'created'>>().toEqualTypeOf<string>()
  expectTypeOf<Of<'mixed.text'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'"odd name"."a.b"'>>().toEqualTypeOf<1>()
  expectTypeOf<Of<'0'>>().toEqualTypeOf<'zero'>()
})

test('lists: with [] a list without nulls, without it the first element or null', () => {
  expectTypeOf<Of<'labels[].name'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'labels[].color'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'labels.name'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'labels'>>().toEqualTypeOf<{ name: string; color: string | null } | null>()
  expectTypeOf<Of<'labels[]'>>().toEqualTypeOf<{ name: string; color: string | null }[]>()
  expectTypeOf<Of<'assignees[]'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'assignees'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'grid[]'>>().toEqualTypeOf<number[]>()
  expectTypeOf<Of<'grid'>>().toEqualTypeOf<number | null>()
  expectTypeOf<Of<'title[]'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'author.team.name[]'>>().toEqualTypeOf<string[]>()
})

test('inner objects, with aliases, nested and with default keys', () => {
  expectTypeOf<Of<'author{who:login,id}'>>().toEqualTypeOf<{ who: string; id: number } | null>()
  expectTypeOf<Of<'labels[]{ name , shade : color ! 0 , }'>>().toEqualTypeOf<{ name: string; shade: string | 0 }[]>()
  expectTypeOf<Of<'author{team{name}}'>>().toEqualTypeOf<{ 'team{name}': { name: string } | null } | null>()
  expectTypeOf<Of<'author{ team . name ! login }'>>().toEqualTypeOf<{ 'team.name!login': string } | null>()
  expectTypeOf<Of<'author{t:$event.time,s:$before.state,login}'>>().toEqualTypeOf<{
    t: string
    s: 'open' | 'closed' | null
    login: string
  } | null>()
  expectTypeOf<Of<'mixed{text}'>>().toEqualTypeOf<{ text: string } | null>()
})

test('scalars', () => {
  expectTypeOf<Of<'size?str'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'author?str'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'size?num'>>().toEqualTypeOf<number | null>()
  expectTypeOf<Of<'title?num'>>().toEqualTypeOf<number | null>()
  expectTypeOf<Of<'locked?num'>>().toEqualTypeOf<null>()
  expectTypeOf<Of<'locked?bool'>>().toEqualTypeOf<boolean>()
  expectTypeOf<Of<'title?bool'>>().toEqualTypeOf<boolean | null>()
  expectTypeOf<Of<'author?id'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'grid[]?str'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'assignees[]?num'>>().toEqualTypeOf<number[]>()
  expectTypeOf<Of<'free?num'>>().toEqualTypeOf<number | null>()
})

test('or-else fills in for null only', () => {
  expectTypeOf<Of<"body!'none'">>().toEqualTypeOf<string>()
  expectTypeOf<Of<'size!0'>>().toEqualTypeOf<number>()
  expectTypeOf<Of<'author.login!-1.5'>>().toEqualTypeOf<string | -1.5>()
  expectTypeOf<Of<'body!true'>>().toEqualTypeOf<string | true>()
  expectTypeOf<Of<'body!null'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'body!size'>>().toEqualTypeOf<string | number | null>()
  expectTypeOf<Of<"$before.state!'it''s'">>().toEqualTypeOf<'open' | 'closed' | "it's">()
  expectTypeOf<Of<'body ! author.login ! state'>>().toEqualTypeOf<string>()
  expectTypeOf<Of<"title!'x'">>().toEqualTypeOf<string>()
  expectTypeOf<Of<'labels[].name!title'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'size!1E3'>>().toEqualTypeOf<number>()
})

test('the other roots', () => {
  expectTypeOf<Of<'$event.time'>>().toEqualTypeOf<string>()
  expectTypeOf<Of<'$event.tenant'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'$event.attempt'>>().toEqualTypeOf<number>()
  expectTypeOf<Of<'$before.title'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'$before.labels[].name'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'$changed[]'>>().toEqualTypeOf<string[]>()
  expectTypeOf<Of<'$changed'>>().toEqualTypeOf<string | null>()
})

test('what cannot be known is unknown', () => {
  expectTypeOf<Of<'free.a.b'>>().toEqualTypeOf<unknown>()
  expectTypeOf<Of<'free.a[].b'>>().toEqualTypeOf<unknown[]>()
  expectTypeOf<Of<'free{a}'>>().toEqualTypeOf<{ a: unknown } | null>()
  expectTypeOf<Of<'loose.known'>>().toEqualTypeOf<string | null>()
  expectTypeOf<Of<'loose.other.more'>>().toEqualTypeOf<unknown>()
  expectTypeOf<Of<'counts.any'>>().toEqualTypeOf<number | null>()
  expectTypeOf<Of<string>>().toEqualTypeOf<unknown>()
  expectTypeOf<Of<'nothing.here'>>().toEqualTypeOf<unknown>()
  expectTypeOf<DataOf<unknown, { a: 'x.y' }>>().toEqualTypeOf<{ a: unknown }>()
  expectTypeOf<DataOf<Issue, Record<string, string>>>().toEqualTypeOf<Record<string, unknown>>()
})

test('a type that contains itself is no endless task', () => {
  type Json = string | number | null | Json[] | { [key: string]: Json }
  expectTypeOf<DataOf<{ json: Json }, { a: 'json.a.b' }>['a']>().toEqualTypeOf<unknown>()
  interface Tree {
    name: string
    parent?: Tree
    children: Tree[]
  }
  expectTypeOf<DataOf<Tree, ['parent.parent.children[].name']>>().toEqualTypeOf<{
    'parent.parent.children[].name': string[]
  }>()
})

test('a list names its attributes by their canonical form', () => {
  type Data = DataOf<Issue, readonly ['title', ' labels [ ] { name , color } ', "size ! 'x'", '"odd name"', 'size!"0"']>
  expectTypeOf<Data>().toEqualTypeOf<{
    title: string
    'labels[]{color,name}': { name: string; color: string | null }[]
    "size!'x'": number | 'x'
    '"odd name"': { 'a.b': 1 }
    'size!"0"': number | 'zero'
  }>()
  expectTypeOf<
    keyof DataOf<Issue, ['author{b:team{name},a:id,login:login}!$changed[]?str']>
  >().toEqualTypeOf<'author{a:id,b:team{name},login}!$changed[]?str'>()
})

declare function on<const A extends AttributesInput>(
  type: string,
  options: { attributes: A & Checked<Issue, A> },
  handler: (event: { data: DataOf<Issue, A> }) => unknown,
): void

test('a subscription infers its data and refuses what the record has not', () => {
  on('x', { attributes: { title: 'title', who: 'author.login', all: 'labels[].name' } }, ({ data }) => {
    expectTypeOf(data).toEqualTypeOf<{ title: string; who: string | null; all: string[] }>()
  })
  on('x', { attributes: ['title', 'author.login'] }, ({ data }) => {
    expectTypeOf(data).toEqualTypeOf<{ title: string; 'author.login': string | null }>()
  })
  const wide: Record<string, string> = {}
  on('x', { attributes: wide }, ({ data }) => {
    expectTypeOf(data.any).toEqualTypeOf<unknown>()
  })
  on(
    'x',
    {
      attributes: {
        title: 'title',
        // @ts-expect-error there is no "lgoin" in "author"
        who: 'author.lgoin',
      },
    },
    () => {},
  )
  on(
    'x',
    {
      attributes: [
        'title',
        // @ts-expect-error there is no "nmae" in "labels"
        'labels[].nmae',
      ],
    },
    () => {},
  )
})

test('each mistake is named where it stands', () => {
  type Mistake<Text extends string> = Checked<Issue, { it: Text }>['it']
  expectTypeOf<Mistake<'titel'>>().toEqualTypeOf<Wrong<'there is no "titel"', Exclude<keyof Issue, 0>>>()
  expectTypeOf<Mistake<'author.x'>>().toEqualTypeOf<Wrong<'there is no "x" in "author"', 'id' | 'login' | 'team'>>()
  expectTypeOf<Mistake<'title.x'>>().toEqualTypeOf<Wrong<'there is no "x" in "title"'>>()
  expectTypeOf<Mistake<'author{x:team{nmae}}'>>().toEqualTypeOf<Wrong<'there is no "nmae"', 'name'>>()
  expectTypeOf<Mistake<'title!titel'>>().toEqualTypeOf<Wrong<'there is no "titel"', Exclude<keyof Issue, 0>>>()
  expectTypeOf<Mistake<'$before.x'>>().toEqualTypeOf<Wrong<'there is no "x"', Exclude<keyof Issue, 0>>>()
  expectTypeOf<Mistake<'$event.x'>['wrong']>().toEqualTypeOf<'there is no "x"'>()
  expectTypeOf<Mistake<'$nope.x'>['wrong']>().toEqualTypeOf<'"$" begins $before., $event. or $changed only'>()
  expectTypeOf<Mistake<'title{x}'>['wrong']>().toEqualTypeOf<'braces stand behind something that is no object'>()
  expectTypeOf<Mistake<''>['wrong']>().toEqualTypeOf<'the expression is empty'>()
  expectTypeOf<Mistake<'author.'>['wrong']>().toEqualTypeOf<'a name is missing at the end'>()
  expectTypeOf<Mistake<'author{login'>['wrong']>().toEqualTypeOf<'braces do not end with "}"'>()
  expectTypeOf<Mistake<'title title'>['wrong']>().toEqualTypeOf<'the expression should end before "title"'>()
  expectTypeOf<Mistake<'title?text'>['wrong']>().toEqualTypeOf<'there is no scalar "?text"'>()
  expectTypeOf<Mistake<'labels[0]'>['wrong']>().toEqualTypeOf<'"[" is not followed by "]"'>()
  expectTypeOf<Mistake<"body!'x">['wrong']>().toEqualTypeOf<'a text in single quotes does not end'>()
  expectTypeOf<Mistake<'title'>>().toEqualTypeOf<'title'>()
  expectTypeOf<Mistake<string>>().toEqualTypeOf<string>()
})
