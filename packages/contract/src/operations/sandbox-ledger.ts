import { access, operation } from '../operation.ts'
import { object, string } from '../schema.ts'
import { GetSandboxLedgerResponse, SandboxLedgerQuery } from '../schemas/sandbox/ledger.ts'
import { SandboxDone, SandboxStoreBody } from '../schemas/sandbox/sandbox.ts'
import { control } from './sandbox-parameters.ts'

const notificationPath = object('SandboxNotificationPath', 'Which notification is meant.', {
  notificationId: string('The notification.'),
})

/** What the sandbox gateway has on its books, and the notifications that it sends. */
export const sandboxLedgerOperations = {
  getSandboxLedger: operation({
    ...control,
    method: 'GET',
    path: '/sandbox/ledger',
    summary: "Read the sandbox gateway's books",
    description: "What the gateway's side knows, to be held against the payments.",
    queryParameters: SandboxLedgerQuery,
    success: GetSandboxLedgerResponse,
    errors: access,
  }),
  deliverSandboxNotification: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/notifications/{notificationId}/deliver',
    summary: 'Deliver a notification by hand',
    description:
      'Lets the gateway notify now, rightly signed, of what it would notify later, or of what got lost (`notify-none`) or was refused (`notify-badsig`). What a notification stands for, such as a late approval, happens with it. `GET /sandbox/ledger` lists those that are not delivered; one that is not, or no more, is refused (`PG_PROVIDER`).',
    pathParameters: notificationPath,
    body: SandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxDone,
    errors: [...access, 'PG_PROVIDER'],
  }),
}
