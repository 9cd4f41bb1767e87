export function VideoPage() {
  return null
}
