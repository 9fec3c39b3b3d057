/**
 * Gives an element its looks, whatever the shop's style sheets say of all elements of its kind: the rules of a sheet count less,
 * and `!important` ones, such as the usual `iframe { height: auto !important }`, as well. What is not named may be animated.
 */
export const dress = (element: HTMLElement, looks: string): void => {
  element.style.cssText = `all:revert;${looks.replaceAll(';', '!important;')}`
}
