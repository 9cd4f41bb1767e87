// A setting that cannot hold: said to whoever starts the service, never to clients. The command exits with 2.

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
