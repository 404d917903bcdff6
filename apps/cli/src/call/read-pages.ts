/** Reads pages of a list until it is whole or has `most` items; `next` is then the cursor to go on with. */
export async function readPages<T, P extends { readonly items: readonly T[]; readonly next?: string | undefined }>(
  most: number,
  read: (page: { readonly cursor?: string; readonly limit: number }) => Promise<P & { readonly items: readonly T[] }>,
): Promise<P> {
  const items: T[] = []
  let cursor: string | undefined
  for (;;) {
    const limit = Math.min(500, most - items.length)
    const page = await read({ limit, ...(cursor !== undefined && { cursor }) })
    items.push(...page.items)
    if (page.next === undefined || items.length >= most) return { ...page, items }
    cursor = page.next
  }
}
