// All texts in Chinese. The application loads them in two parts.

import first from './first.ts'
import more from './more.ts'

export default { ...first, ...more }
