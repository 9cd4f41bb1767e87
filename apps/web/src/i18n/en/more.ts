// The texts in English of the pages that few begin with.

import account from './account.json'
import admin from './admin.json'
import help from './help.json'
import queue from './queue.json'

export default { account, admin, help, queue }
