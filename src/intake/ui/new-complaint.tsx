export function NewComplaintPage() {
  return null
}
