// @ts-check

// Kept with the tab, and gone with it. Never in an address: addresses end up in logs and histories.
const name = 'recordcast-token'

/** @returns {string | null} */
export const readToken = () => sessionStorage.getItem(name)

/** @param {string} token */
export const keepToken = (token) => sessionStorage.setItem(name, token)

export const forgetToken = () => sessionStorage.removeItem(name)
