export function JobsWatcher() {
  return null
}
