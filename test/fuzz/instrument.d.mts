/** Source that counts where it runs. */
export function instrumented(source: string): {text: string; places: number; words: string[]}
