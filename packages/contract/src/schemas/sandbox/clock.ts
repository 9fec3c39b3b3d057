import { array, boolean, dateTime, integer, object, optional, type Static, string } from '../../schema.ts'
import { storeId } from './store-id.ts'

export const SandboxClock = object('SandboxClock', "A store's clock.", {
  now: dateTime('What the clock shows.'),
  isStopped: boolean('Whether it stands still until it is started or advanced.'),
})
export type SandboxClock = Static<typeof SandboxClock>

export const AdvanceSandboxClockBody = object(
  'AdvanceSandboxClockBody',
  'How far to move the clock: to an instant, or by the sum of the units given.',
  {
    storeId,
    to: optional(dateTime('The instant to move to; not earlier than what the clock shows.')),
    days: optional(integer('Days of 24 hours.')),
    hours: optional(integer('Hours.')),
    minutes: optional(integer('Minutes.')),
    seconds: optional(integer('Seconds.')),
  },
)
export type AdvanceSandboxClockBody = Static<typeof AdvanceSandboxClockBody>

export const SandboxRan = object('SandboxRan', 'Something that fell due on the way and was run.', {
  source: string('What kind of thing, such as `webhook` or `payment`.'),
  id: string('Which one.'),
  at: dateTime('The instant at which it was run, by the clock.'),
})
export type SandboxRan = Static<typeof SandboxRan>

export const AdvanceSandboxClockResponse = object('AdvanceSandboxClockResponse', 'Where the clock is now.', {
  now: dateTime('What the clock shows.'),
  ran: array(
    SandboxRan,
    'What this request ran, in order. Not what a server ran that stopped in the middle, whose advance this request completes.',
  ),
})
export type AdvanceSandboxClockResponse = Static<typeof AdvanceSandboxClockResponse>
