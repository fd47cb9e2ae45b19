import { Socket } from 'node:net'

/**
 * A connection that sends what one turn of the program writes as one packet: statements that follow each other wake the
 * database once, and cost one system call instead of one each.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket()
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
  let gathering = false
  const gathered = (...given: unknown[]) => {
    if (!gathering) {
      gathering = true
      socket.cork()
      process.nextTick(() => {
        gathering = false
        socket.uncork()
      })
    }
    return write(...given)
  }
  return Object.assign(socket, { write: gathered })
}
