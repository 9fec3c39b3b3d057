/** What kind of device the shopper holds. iPads say that they are Macs, but have a touch screen. */
export const deviceOf = (): 'PC' | 'MOBILE' => {
  const { userAgent, maxTouchPoints } = navigator
  const isPhone = /android|iphone|ipad|ipod|mobile/i.test(userAgent)
  const isTablet = /macintosh/i.test(userAgent) && maxTouchPoints > 1
  return isPhone || isTablet ? 'MOBILE' : 'PC'
}
