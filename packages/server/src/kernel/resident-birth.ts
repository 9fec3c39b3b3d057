import { dayOfBirth } from './days.ts'

export type ResidentBirth = {
  readonly birthYear: string
  readonly birthMonth: string
  readonly birthDay: string
  readonly gender: 'MALE' | 'FEMALE'
  readonly isForeigner: boolean
}

/** The first seven digits of a resident registration number: the day of birth, the century, the gender, and whether a foreigner. */
export const residentBirth = (digits: string): ResidentBirth | undefined => {
  const [, year, month, day, kind = ''] = /^(\d{2})(\d{2})(\d{2})(\d)$/.exec(digits) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  const century = '90'.includes(kind) ? '18' : '1256'.includes(kind) ? '19' : '20'
  const birth = { birthYear: `${century}${year}`, birthMonth: month, birthDay: day }
  if (dayOfBirth(birth) === undefined) return undefined
  return {
    ...birth,
    gender: Number(kind) % 2 === 1 ? 'MALE' : 'FEMALE',
    isForeigner: '5678'.includes(kind),
  }
}
