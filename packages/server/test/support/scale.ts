/**
 * How large a test is: `short` in `npm test`, `full` in `npm run test:full`, which asserts the same of more. For tests whose
 * numbers prove nothing by themselves but find what is rare.
 */
export const scaled = (short: number, full: number): number => (process.env.NARU_TEST_SCALE === 'full' ? full : short)
