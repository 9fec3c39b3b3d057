/**
 * Gives an element its looks, whatever the shop's style sheets say of all elements of its kind: the rules of a sheet count less,
 * and `!important` ones, such as the usual `iframe { height: auto !important }`, as well. What is not named may be animated.
 */
export const dress = (element: HTMLElement, looks: string): void => {
  element.style.cssText = `all:revert;${looks.replaceAll(';', '!important;')}`
}

/**
 * Takes an element out of the page, if it is there: Prototype.js has a `remove` of its own, which fails where it is not. What turns
 * in it would go on turning unseen, 60 times a second for as long as the shop's page is there.
 */
export const takeAway = (element: HTMLElement): void => {
  element.getAnimations?.({ subtree: true }).map((animation) => animation.cancel())
  element.parentNode?.removeChild(element)
}
