export function LoginPage(_: { setupRequired: boolean }) {
  return null
}
