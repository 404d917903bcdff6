/** Waits until the condition holds; throws, saying `what`, when it does not within 20 s. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export function message(id: string, body = id, headers: Readonly<Record<string, string>> = {}) {
  return { id, body: new TextEncoder().encode(body), headers }
}
