// Addresses and names that fields of the form take, as regular expressions for the whole value. Only constructs that Python's and
// JavaScript's share, since the cloud checks with the one and its console with the other.

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const RANGE = String.raw`${OCTET}(\.${OCTET}){3}/(3[0-2]|[12]?[0-9])$`

/** 203.0.113.0/24 */
export const IPV4_RANGE = `^${RANGE}`

/** Of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. */
export const PRIVATE_RANGE = String.raw`^(?=10\.|172\.(1[6-9]|2[0-9]|3[01])\.|192\.168\.)${RANGE}`

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'

/** video.example.com, or nothing. */
export const HOST_NAME_OR_NONE = String.raw`^$|^(?=.{4,253}$)(${LABEL}\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`

/** An https address without a query, or the word that leaves the choice to the installation. */
export const SOURCE = '^(auto|https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?)$'

export const VERSION = String.raw`^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}(-[0-9A-Za-z.-]{1,40})?$`
