/** What kind of device the shopper holds. iPads say that they are Macs, but have a touch screen. */
export const deviceOf = ({ userAgent, maxTouchPoints, ...hints }: Navigator = navigator): 'PC' | 'MOBILE' => {
  const { userAgentData } = hints as { userAgentData?: { mobile: boolean } }
  if (userAgentData?.mobile) return 'MOBILE'
  const isPhone = /android|iphone|ipad|ipod|mobile/i.test(userAgent)
  const isTablet = /macintosh/i.test(userAgent) && maxTouchPoints > 1
  return isPhone || isTablet ? 'MOBILE' : 'PC'
}
