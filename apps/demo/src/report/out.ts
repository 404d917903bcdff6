import { styleText } from 'node:util'

/** Where the demo prints: the only room that knows of colours and widths. */
export interface Out {
  /** Columns to print in. */
  readonly width: number
  /** One line, no wider than `width`: whoever prints foreign text cuts it first. */
  line(text?: string): void
  heading(text: string): void
  strong(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
}

/** For the name of a listener at the beginning of a line. */
export const nameWidth = 18

type Style = Parameters<typeof styleText>[0]

export function createOut(
  write: (text: string) => void,
  options: { readonly width: number; readonly colour: boolean },
): Out {
  const { width, colour } = options
  const styled =
    (style: Style) =>
    (text: string): string =>
      colour ? styleText(style, text, { validateStream: false }) : text
  const strong = styled('bold')
  const line = (text = ''): void => write(`${text}\n`)
  return {
    width,
    line,
    heading(text) {
      line()
      line(strong(text))
    },
    strong,
    faint: styled('dim'),
    good: styled('green'),
    bad: styled('red'),
  }
}

/** Cuts to so many columns, with an ellipsis where something was cut. Control characters would move the cursor about: they go. */
export function cut(text: string, width: number): string {
  const plain = text.replace(/\p{Cc}/gu, ' ')
  const letters = [...plain]
  return letters.length <= width ? plain : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`
}

/** 12,345 */
export function number(value: number): string {
  return value.toLocaleString('en-GB')
}

export function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`
}
