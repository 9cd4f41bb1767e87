// A worker thread of the engine process: it ends the process at once when the parent is gone, even
// while the main thread sits in a native call. The parent holds the other end of standard input and
// never writes to it, so its end of file means that the parent has died.

import { Socket } from 'node:net'

const STANDARD_INPUT = 0
const kill = () => process.kill(process.pid, 'SIGKILL')

new Socket({ fd: STANDARD_INPUT, readable: true, writable: false }).on('end', kill).on('close', kill).on('error', kill).resume()
