/**
 * Seeds that find a defect again when its remedy is taken out, with what they find. A change of the simulation gives its seeds other runs: then take the remedy out once
 * more, look for a seed that notices, and put that here.
 */
export const regressions: readonly { readonly seed: number; readonly found: string }[] = []
