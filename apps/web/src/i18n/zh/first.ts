// The texts in Chinese that the start page needs, by namespace: one for each folder of the application.

import common from './common.json'
import create from './create.json'
import errors from './errors.json'
import examples from './examples.json'
import library from './library.json'
import player from './player.json'
import result from './result.json'
import watch from './watch.json'

export default { common, create, errors, examples, library, player, result, watch }
