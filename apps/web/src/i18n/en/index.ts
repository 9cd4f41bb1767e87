// All texts in English, by namespace: one for each folder of the application.

import account from './account.json'
import admin from './admin.json'
import common from './common.json'
import create from './create.json'
import errors from './errors.json'
import examples from './examples.json'
import help from './help.json'
import library from './library.json'
import player from './player.json'
import queue from './queue.json'
import result from './result.json'
import watch from './watch.json'

export default { account, admin, common, create, errors, examples, help, library, player, queue, result, watch }
