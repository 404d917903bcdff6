/** An error whose sentence tells whoever started the demo all there is to tell: shown without a stack. */
export class PlainError extends Error {}
