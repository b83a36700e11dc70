// What tests put on the page's window.
interface Window {
  fakeClient: any
  complain: any
  sameDocument: boolean
  added: (string | null)[]
  locks: any[]
}
